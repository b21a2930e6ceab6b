"""One calm answer for every `ErrorCode`: what happened, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Mapping

from perfstudio.language.catalogue import Messages
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.texts import formatting
from perfstudio.texts.error_clips import CLIPS
from perfstudio.texts.error_duets import DUETS
from perfstudio.texts.error_facts import said
from perfstudio.texts.error_opening import OPENING
from perfstudio.texts.error_permissions import PERMISSIONS
from perfstudio.texts.forms import form_problem, over_the_limit
from perfstudio.texts.printable import unsafe_receiver
from perfstudio.texts.template import one_line, say

_E = ErrorCode
_SENTENCES: Messages[dict[ErrorCode, str]] = OPENING | {
    **PERMISSIONS,
    **CLIPS,
    **DUETS,
    # devices
    _E.CAMERA_UNKNOWN: "There is no camera[ “{id}”] here now. Plug it in or choose another[: {known}].",
    _E.CAMERA_BUSY: "Another program is using the camera[ “{id}”]. Close that program and try again.",
    _E.CAMERA_REFUSED: "The camera[ “{id}”] is there but does not open. Another program may be using it, or the system "
    "may not allow it. Close that program and check the system's settings, or unplug it and plug it in again.",
    _E.CAMERA_NO_ANSWER: "The camera[ at {address}] did not answer[ within {seconds}]. "
    "Check that it is switched on and that the address is right.",
    _E.CAMERA_ADDRESS: "[“{address}”|That] is not the address of a camera. Type the full address, as the camera's own "
    "page shows it, starting with [{known}|http:// or rtsp://].",
    _E.CAMERA_NAME_UNKNOWN: "Nothing on this network is called [“{host}”|that]. Check the address and the network, or "
    "use the camera's number, such as 192.168.1.20.",
    _E.CAMERA_NO_WAY: "This computer cannot reach the camera[ at {address}]. Check that both are on the same network, "
    "and that the address is right.",
    _E.CAMERA_NOT_LISTENING: "No camera is answering[ at {address}]. Check that its app or stream is switched on, and "
    "that the port number is right.",
    _E.CAMERA_OTHER_ANSWER: "The address[ {address}] answers, but not with video[: {detail}]. Look for the video "
    "address in the camera's settings.",
    _E.CAMERA_NO_SUCH_PATH: "The camera[ at {address}] answers, but has nothing at this address. Look for the video "
    "address in the camera's settings.",
    _E.CAMERA_FORBIDDEN: "The camera[ at {address}] does not let this computer in. Allow it in the camera's settings.",
    _E.CAMERA_LOGIN_NEEDED: "The camera[ at {address}] asks for a name and a password. Put them in the address, as in "
    "http://name:password@camera.",
    _E.CAMERA_LOGIN_WRONG: "The camera[ at {address}] does not accept this name and password. Check both.",
    _E.CAMERA_TROUBLED: "The camera[ at {address}] says it cannot send video now. Others may be watching: close them, "
    "or switch the camera off and on.",
    _E.CAMERA_UNTRUSTED: "The certificate of the camera[ at {address}] cannot be trusted[: {detail}]. Give its file "
    "with --trust-camera, or use --any-certificate on a network of your own.",
    _E.CAMERA_TRUST_FILE: "No certificate can be read from [“{file}”|the file]. Give the camera's certificate as a "
    "PEM or DER file.",
    _E.CAMERA_ENCRYPTED: "The camera[ at {address}] needs https. Start the address with https://.",
    _E.CAMERA_NOT_ENCRYPTED: "The camera[ at {address}] does not speak https. Start the address with http://, or "
    "switch on https in the camera.",
    _E.CAMERA_LINE_LOST: "The connection to the camera[ at {address}] was lost[: {detail}]. Everything recorded so far "
    "is safe. Check the camera and the network.",
    _E.CAMERA_STOPPED: "The camera[ “{id}”] is still there but sends no more pictures. Everything recorded so far is "
    "safe. Unplug it and plug it in again, or choose another.",
    _E.CAMERA_LOST: "The camera[ “{id}”] went away. Everything recorded so far is safe. Plug it in again or choose "
    "another.",
    _E.MICROPHONE_UNKNOWN: "There is no microphone[ “{id}”] here now. Plug it in or choose another[: {known}].",
    _E.MICROPHONE_BUSY: "Another program is using the microphone[ “{id}”] and shares it with nobody. Close that "
    "program and try again.",
    _E.MICROPHONE_REFUSED: "The microphone[ “{id}”] is there but does not open. Another program may be using it, or "
    "the system may not allow it. Close that program and check the system's settings, or unplug it and plug it in "
    "again.",
    _E.MICROPHONE_SILENT: "The microphone[ “{id}”] has sent only silence[ for {seconds}]. It is muted or unplugged, "
    "or the system does not allow it.",
    _E.MICROPHONE_STOPPED: "The microphone[ “{id}”] has sent nothing more[ for {seconds}]. Everything recorded so far "
    "is safe. Check its plug and its switch, or choose another.",
    _E.MICROPHONE_LOST: "The microphone[ “{id}”] went away. Everything recorded so far is safe. Plug it in again or "
    "choose another.",
    _E.HEADPHONES_UNKNOWN: "The headphones[ “{id}”] are not here now, so you will not hear your partner. Plug them in, "
    "or choose others.",
    _E.HEADPHONES_REFUSED: "The headphones[ “{id}”] are there but do not open, so you will not hear your partner. "
    "Another program may be using them. Close that program and try again.",
    _E.HEADPHONES_UNCHOSEN: "You will not hear your partner: no headphones are chosen. "
    "[Name them with {option}; `devices` lists them|Choose them in the green room].",
    _E.HEADPHONES_LOST: "The headphones[ “{id}”] went away, and your partner could not be heard any more. Everything "
    "recorded so far is safe.",
    _E.SOUND_SYSTEM_MISSING: "No sound system answers on this computer. `perfstudio doctor` says what to install.",
    # capture
    _E.DISK_FULL: "The disk is full[: {free_mb} free, {needed_mb} needed|: {detail}]. What was recorded is safe. "
    "Make room, or choose another folder.",
    _E.DISK_READ_ONLY: "The disk of [“{folder}”|the chosen folder] is read-only. Remove its write protection, or "
    "choose another folder.",
    _E.DISK_GONE: "The disk of [“{folder}”|the chosen folder] does not answer, or the folder is gone. Nothing more "
    "reaches it. Check the drive and its plug, or choose another folder.",
    _E.NAME_TOO_LONG: "The name [“{file}”|of a file] is too long for the disk. Choose a folder with a shorter path.",
    _E.TOO_MANY_FILES: "Too many files are open[, so “{file}” could not be written]. "
    "Close other programs and try again.",
    _E.FILE_IN_USE: "[“{file}”|A file] is open in [{programs}|another program]. Close it there and try again.",
    _E.DISK_WRITE: "[“{file}”|Something] could not be written to the disk[: {detail}]. What was written before is "
    "safe. Check the disk or choose another folder.",
    _E.ENCODER_FAILED: "[“{file}”|What was recorded] could not be encoded[: {detail}]. What was written before is "
    "safe. Roll again; if it stays that way, choose another picture size.",
    _E.RECORDER_DIED: "The recorder stopped by itself and was restarted. Whatever had reached the disk is kept.",
    _E.RECORDER_STUCK: "The recorder has not answered[ for {seconds}]. It is being restarted; whatever has reached the "
    "disk is kept.",
    _E.PROGRAM_REPLACED: "perfstudio was updated while it was open. You can go on recording; close it and open it "
    "again to use the new version.",
    _E.NOTHING_RECORDED: "Nothing had reached the disk, so there is no take. Check the camera and microphone, and roll "
    "again.",
    _E.COMPUTER_SLEPT: "The computer went to sleep. Everything before that is safe in the take. "
    "Roll again when you are ready.",
    # library
    _E.TAKE_UNKNOWN: "There is no take [“{take}” |with that name ]here. `perfstudio takes list` lists them all.",
    _E.TAKE_AMBIGUOUS: "More than one take begins [with “{take}”|like that][: {matches}]. Give a few more letters.",
    _E.TAKE_DAMAGED: "[Take {take}|This take] cannot be read in full[: {detail}][ ({file} at {where}, line {line}: "
    "{problem})| ({file} at {where}: {problem})| ({file}: {problem})]. Its files are left exactly as they are.",
    _E.TAKE_NOT_READY: "[Take {take}|This take] is [{state}|not ready for this][, and would have to be {needed}][; it "
    "needs {missing}]. Nothing was changed.",
    _E.LABELS_INVALID: "These labels cannot be kept as they are[ at {where}][: {problem}]. Nothing was changed.",
    _E.PLAYED_NO_PLACE: "[Take {take}|This take] was recorded by perfstudio 0.1.0, whose takes cannot hold a language, "
    "accent or age. Nothing was changed.",
    _E.SCALES_NO_PLACE: "[Take {take}|This take] was recorded by perfstudio 0.1.0, whose takes cannot hold how true it "
    "was, or what was meant on the scales. Nothing was changed.",
    _E.MARKS_NO_PLACE: "[Take {take}|This take] was recorded by perfstudio 0.1.0, whose takes cannot hold marks that "
    "are made later. Nothing was changed.",
    _E.MARKS_TOO_MANY: "[Take {take}|This take] holds as many marks of yours as a take can[: {most}]. "
    "Remove one first.",
    _E.FOLDER_UNUSABLE: "The folder[ “{folder}”] cannot be used[: {reason}]. Choose another one.",
    _E.FOLDER_NOT_WRITABLE: "Nothing can be written to [“{folder}”|the chosen folder]. Give yourself permission to "
    "write there, or choose another folder.",
    _E.LIBRARY_IN_USE: "These takes are already open in another perfstudio. Use that one, or close it first.",
    _E.LIBRARY_NEWER: "These takes were last opened with a newer perfstudio. You can look at them here; to record or "
    "change them, update perfstudio.",
    # packs
    _E.PACK_UNREADABLE: "The pack[ “{file}”] cannot be read. Check that the file is there and that you are allowed to "
    "open it.",
    _E.PACK_ADDRESS: "The pack[ “{file}”] was given as a web address, and perfstudio downloads nothing. Save it with a "
    "browser, and import the file.",
    _E.PACK_NOT_A_ZIP: "The file[ “{file}”] is not a pack: a pack is a zip with a pack.json inside. "
    "Ask the studio to send it again.",
    _E.PACK_INVALID: "The pack[ “{file}”] is not written as a pack should be[ at {where}][, line {line}][: {problem}]. "
    "Nothing was imported; the studio has to correct it.",
    _E.PACK_TOO_LARGE: "The pack[ “{file}”] is larger than is safe to open[: {what}]. Nothing was imported.",
    _E.PACK_CHANGED: "This pack[, {pack}][, version {version}] reads differently from the one you have. Yours is kept; "
    "ask the studio for a new version number.",
    _E.PACK_RESERVED: "The pack[ “{file}”] calls itself [“{id}”|by the practice room's name], [which looks like "
    "“{alike}”, ]a name that belongs to perfstudio's practice room. Nothing was imported; the studio has to choose "
    "another.",
    _E.PACK_UNSIGNED: "The pack[ “{file}”] is not signed, although [{studio}|its studio] signs its packs. Somebody "
    "else may have made or changed it. Nothing was imported; ask the studio.",
    _E.PACK_OTHER_KEY: "The pack[ “{file}”] is not signed with the key of [{studio}|its studio][: {known}, but {new}]. "
    "Somebody else may have made it. Nothing was imported; ask the studio for its key.",
    _E.PACK_KEY_UNUSABLE: "The studio's key[ “{file}”] cannot be used[: {problem}]. Nothing was signed.",
    _E.PACK_NOT_A_FOLDER: "[“{file}”|This] is not a folder. Sign the folder with pack.json and the media, then zip it. "
    "Nothing was signed.",
    _E.PACK_UNKNOWN: "There is no pack [“{pack}” |with that name ]here. `perfstudio packs list` lists them all.",
    _E.PROMPT_UNKNOWN: "There is no prompt [“{prompt}” |with that name ]here.[ Did you mean {close}?] `perfstudio "
    "packs list` lists them all.",
    _E.PROMPT_AMBIGUOUS: "More than one pack has a prompt [“{prompt}”|of that name][: {matches}]. "
    "Say which, as pack/prompt.",
    _E.PROMPT_ROLE: "The scene[ “{prompt}”] [has no role “{role}”|names roles, and you have not said which is yours]"
    "[. Say --role and one of these: {roles}].",
    _E.PROMPT_BEYOND: "Your own limits hide the scene[ “{prompt}”][: {reason}]. Change them in Settings, under Limits.",
    _E.PROMPT_LANGUAGE: "The scene[ “{prompt}”] is not available in [“{language}”|that language], only[ in "
    "{languages}| in others].",
    _E.PROMPTS_UNREADABLE: "The table[ “{file}”] cannot be made into a pack[ at {where}][, line {line}][: {problem}]. "
    "Nothing was written.",
    _E.PACK_IN_THE_WAY: "[“{file}”|The folder] already exists and is not empty. Choose another name. Nothing was "
    "written.",
    # media
    _E.MEDIA_MISSING: "There is no file [“{file}”|with that name]. Check its name and folder.",
    _E.MEDIA_UNREADABLE: "The file[ “{file}”] cannot be read as video or sound[: {detail}]. It was not changed.",
    _E.MEDIA_NO_STREAMS: "The file[ “{file}”] has neither picture nor sound.",
    _E.PARTNER_NOT_IN_PACK: "The scene is meant for a recorded partner, but its pack has no recording. You can play it "
    "to somebody you imagine.",
    _E.PARTNER_KIND: "The partner's clip[ “{file}”] is not a WAV, FLAC or MP4 file. Choose one of these.",
    _E.PARTNER_STATE: "Take[ {take}] cannot be your partner[: it is {state}]. Choose another.",
    _E.PARTNER_OTHER_SCENE: "Take[ {take}] is of another scene, or of another version of it[: {prompt}][, version "
    "{version}][; now {known}]. It is played anyway.",
    _E.PARTNER_NO_SOUND: "The partner's clip[ “{file}”] has no sound, so nobody would be heard. Choose another.",
    _E.PARTNER_SILENT: "The partner's clip[ “{file}”] is silent, so nobody would be heard. Choose another.",
    _E.PARTNER_LONG: "The partner's clip[ “{file}”] is too long[: {seconds} at most]. Choose a shorter one.",
    _E.FACE_MODEL: "The face model[ “{file}”] is not used[: {reason}]. The built-in finder looks for faces instead.",
    # consent
    _E.CONSENT_MISSING: "No consent has been signed for [take {take}|this take] yet, so it stays here. Sign it first.",
    _E.CONSENT_NAME_MISSING: "Your name is missing. Type it as you sign it; nothing has been signed yet.",
    _E.CONSENT_NAME_LONG: "That name is too long[: {most} letters at most]. Nothing has been signed yet.",
    _E.CONSENT_USE_UNKNOWN: "This pack does not ask for [the use “{use}”|that use][; it asks for {offered}]. "
    "Nothing has been signed.",
    _E.CONSENT_USE_REQUIRED: "This delivery needs your yes to [“{use}”|its required line]. "
    "Without it the take stays here, and that is fine.",
    _E.CONSENT_NOT_THOUGHT_OVER: "Nothing has been signed. Read what it says under “Stop and think” once more. [To "
    "sign anyway, add `--thought-over {lines}`|To sign anyway, name those lines].",
    _E.CONSENT_USE_TOO_LONG: "[“{use}”|This line] asks for a copy of you for longer than [{years} years|may be "
    "signed here]. Nothing has been signed. Turn the line off, or ask the studio for a shorter term.",
    _E.CONSENT_USE_SEPARATE: "[“{use}”|This line] stands apart and is signed on its own. Nothing has been signed.",
    _E.CONSENT_OTHERS_UNSAID: "The checks found somebody else in this take. First say who that is[: add `{option}`]. "
    "Nothing has been signed.",
    _E.CONSENT_OTHERS_UNASKED: "[Take {take}|This take] was signed before perfstudio asked who else is in a take. Take "
    "back what still stands and sign again; you will be asked then.",
    _E.CONSENT_PARTNER_UNNAMED: "Name the partner who agreed[: add `{option}`]. A stage name will do. "
    "Nothing has been signed.",
    _E.CONSENT_PARTNER_UNSAID: "A partner is named, but you have not said that one agreed[: add `{option}`]. Nothing "
    "has been signed.",
    _E.CONSENT_BYSTANDER: "Only the person who is in this take by chance could allow [“{use}”|this line]. "
    "Nothing has been signed. Turn the line off, or make another take.",
    _E.CONSENT_BYSTANDER_NEEDED: "This work needs [“{use}”|a line] that only the person who is in this take by chance "
    "could allow. Nothing has been signed. Keep the take here, and make another.",
    _E.CLOCK_DOUBTED: "[This computer’s clock says {clock}|This computer’s clock is in doubt][, but it should be about "
    "{seen}][ by the clock of {by}]. Set it right, or say that it is right[: add `{option}`]. Nothing can be signed "
    "until then.",
    _E.AGE_NOT_STATED: "First say that you are 18 or older[: add `{option}`]. Nothing has been signed. Anybody younger "
    "cannot give takes away here.",
    _E.CONSENT_INVALID: "The consent record is not valid[ at {where}][, line {line}][: {problem}]. The take is not "
    "sent; sign again to make a new record.",
    _E.CONSENT_WITHDRAWN: "The consent for [take {take}|this take] was taken back, so nothing more of it is sent.",
    _E.CONSENT_NEVER_GIVEN: "[“{use}”|This line] was never allowed for this take, so it cannot be given again. Take "
    "everything back and sign again; it will be asked with the rest.",
    _E.CONSENT_STANDS: "[Take {take}|This take] is signed already, and that consent stands. Take it back first "
    "if you want a new one.",
    _E.CONSENT_SPOKEN_MISSING: "This pack asks you to read its statement aloud before you sign[: `{option}` records "
    "you, `--spoken FILE` uses a recording you have]. Nothing has been signed.",
    _E.CONSENT_SPOKEN_UNASKED: "This pack does not ask for anything to be read aloud. Nothing has been signed; sign "
    "without the recording.",
    _E.CONSENT_SPOKEN_GONE: "[What you read aloud for take {take}|What you read aloud] was kept only until you took "
    "everything back, so it cannot be given again as it was. Sign again and read it aloud once more.",
    _E.SPOKEN_CUT_SHORT: "Your reading was cut short and is not kept[: {problem}]. Read it again from the start.",
    _E.SPOKEN_NO_TERMINAL: "Reading aloud ends when you press Enter, and nobody is at a terminal to press it[. Give a "
    "recording with `{option}`]. Nothing has been signed.",
    _E.SPOKEN_SILENT: "[Only {seconds} of a voice were heard, too little for the statement|No voice was heard][ in "
    "“{file}”]. Read it again, all of it, and closer to the microphone.",
    _E.SPOKEN_TOO_LONG: "The recording[ “{file}”] is too long[: at most {seconds} are kept]. Read only the statement.",
    _E.EXPORT_INSIDE: "[“{folder}”|That folder] is inside perfstudio's own. Choose another, best on another disk.",
    _E.EXPORT_FOREIGN: "[“{folder}”|That folder] already has other things in it. Choose a new folder, or that of an "
    "earlier copy.",
    _E.EXPORT_OTHERS: "[“{folder}”|That folder] has the copy of another performer, or yours from another computer. "
    "Choose a new folder, so that the two are not mixed.",
    _E.EXPORT_STOPPED: "The copy[ in “{folder}”] is not finished. Start it again with the same folder, and it "
    "continues.",
    _E.EXPORT_DIFFERS: "[“{file}”|A file][ in “{folder}”] reads back differently from what was copied, so the copy is "
    "not finished. Try again, or use another disk.",
    _E.GIVEN_NOTHING: "Nothing was signed here[ for the studio “{studio}”][ with the pack “{pack}”]. `perfstudio "
    "consent given` lists everything that was.",
    _E.CONSENTS_NONE: "There is no consent record[ in “{folder}”]. Give a take's folder, a folder of takes, or a "
    "consent.json.",
    _E.RECEIPT_THERE: "There is already a file [“{file}”|with that name], and it is not overwritten. Give the receipt "
    "another name.",
    _E.RECEIPT_UNREADABLE: "[“{file}”|The file] is not a receipt that can be read here. Give the file as it was saved, "
    "or the verification code at its top.",
    _E.RECEIPT_CODE: "[“{typed}”|That] is neither a file nor a verification code. A code has 24 letters and digits and "
    "is at the top of a receipt.",
    _E.KEY_UNAVAILABLE: "Your signing key is not available[: {detail}]. Nothing was changed.",
    _E.KEY_PASSPHRASE_NEEDED: "[There is no signing key here yet, and no password store (keyring) to hold one. Choose "
    "a passphrase of at least {minimum} characters|Your signing key is locked with a passphrase. Type it][ at a "
    "terminal, or put it in a file that {variable} names]. Nothing was changed.",
    _E.KEY_PASSPHRASE_WRONG: "[What “{file}” contains|That] is not the passphrase of your signing key. Nothing was "
    "changed; try again.",
    _E.KEY_PASSPHRASE_FILE: "There is no passphrase in [“{file}”|the file][, which {variable} names][: {detail}]. Put "
    "it there as one line of text. Nothing was changed.",
    _E.KEY_PASSPHRASE_SHORT: "That passphrase is short. Choose one with [at least {minimum}|more] characters.",
    _E.KEY_NOT_MADE: "There is no signing key here yet. The first signature makes one.",
    _E.KEY_CHANGED_OFTEN: "Your signing key has been changed so often that it cannot be changed again. It stays valid.",
    _E.KEY_CHANGED_MEANWHILE: "Your signing key was changed in another window. Nothing was signed. Try again.",
    _E.CONSENT_KEY_GONE: "The consent of this take was signed with a key that is not here. Nothing is sent. Restore "
    "the folder “keys” from a copy of this home; if the key is lost, take the consent back and sign again.",
    _E.CONSENT_KEY_STRANGE: "The consent of this take was signed with a key that is not known here. Nothing is sent. "
    "Send it from the computer where you signed it, or bring its folder “keys” here; otherwise take it back and "
    "sign again.",
    _E.CONSENT_KEY_EARLIER: "The consent of this take was signed with your earlier key, and is not among those it "
    "vouched for when you changed it. Nothing is sent. Take it back and sign again.",
    _E.CONSENT_KEY_CHANGED: "This consent was signed with a different key from the one you sign with now. Take back "
    "what is left of it, then sign this take again.",
    _E.KEY_DAMAGED: "The signing key[ in “{file}”] cannot be read. Nothing was changed. Restore the file from a copy, "
    "or move it to another folder: the next signature then makes a new key.",
    # delivery
    _E.STUDIO_UNKNOWN: "[Studio “{studio}” is not connected. Connect it|No studio is connected yet. Connect one] with "
    "its invitation, its link or its file.",
    _E.STUDIOS_SEVERAL: "Several studios are connected[: {known}]. Name one of them with --studio. Nothing was sent.",
    _E.NO_SCREEN: "There is no screen here for the window. The commands work without one; `perfstudio demo` plays the "
    "whole job.",
    _E.PRACTICE_TAKE: "This take was made with a practice device. It stays on this computer; "
    "play the scene with your own camera and microphone to send it.",
    _E.PRACTICE_RECEIVER: "The receiver[ of “{studio}”] accepts practice takes only, so that they never mix with real "
    "ones. Yours stays here until the studio's own receiver is connected.",
    _E.STUDIO_DIFFERS: "This take was signed for another studio[, “{asked}”]. It stays here until that studio is "
    "connected.",
    _E.STUDIO_INVALID: "The studio's document[ “{file}”] is not written as it should be[ at {where}][, line {line}][: "
    "{problem}]. Nothing was connected; the studio has to correct it.",
    _E.STUDIO_UNREADABLE: "No studio document can be read[ at “{file}”][: {reason}]. Nothing was connected. Use the "
    "link the studio sent, which starts with https://, or the file.",
    _E.STUDIO_UNREACHABLE: "Nothing answers[ at {address}] now[: {detail}]. Nothing was connected. "
    "Check the link and the network, and try again.",
    _E.RECEIVER_UNREACHABLE: "The receiver[ at {address}] cannot be reached, or cannot accept anything now. Your take "
    "is safe here.",
    _E.RECEIVER_REFUSED: "The receiver did not accept the take[: {reason}]. Your take is safe here.",
    _E.RECEIVER_PROTOCOL: "The receiver gave an answer that makes no sense[: {detail}]. Your take is safe here.",
    _E.RECEIVER_FULL: "The receiver[ at {address}] has no room for the take now[: {reason}]. It will be asked again "
    "later; your take is safe here.",
    _E.RECEIVER_UNFINISHED: "The receiver[ at {address}] has the whole take and has not finished checking it[ within "
    "{seconds}]. It will be asked again later; your take is safe here.",
    _E.RECEIVER_DECIDES: "A person at [{address}|the studio] first has to decide whether what another key signed is "
    "yours. The take waits, and the studio is asked again automatically.",
    _E.WITHDRAWAL_UNTOLD: "This take waits: [{studio}|the studio] first has to hear what you took back, and could not "
    "be told yet. perfstudio keeps trying.",
    _E.RECEIVER_UNSAFE: "The address[ {address}] is not safe to send to: it needs https. "
    "Nothing was sent; ask the studio for the right one.",
    _E.TRUST_UNREADABLE: "The certificate file[ “{file}”] cannot be used[: {detail}]. "
    "Ask the studio for its certificate as a PEM file.",
    _E.TOKEN_WRONG: "[That is not a sign-in token for {address}: {reason}.|The receiver at {address} does not know "
    "your sign-in token.|The receiver does not know your sign-in token.] Ask the studio for a new one.",
    _E.TOKEN_MISSING: "The receiver[ at {address}] asks who you are. Enter the sign-in token the studio gave you.",
    _E.TOKEN_UNREADABLE: "The token file[ “{file}”] cannot be used[: {detail}]. Name a file with the token on one line "
    "and nothing else; the token itself is not typed on the command line.",
    _E.TOKEN_NAME_TAKEN: "There is already a token[ for “{id}”]. Revoke it first, or give this one another name.",
    _E.TOKEN_NAME_UNKNOWN: "No token has this name.[ There are tokens for {known}.]",
    _E.TOKEN_NAME_WRONG: "[“{id}”|This] cannot be the name of a token. A name is one line of up to 80 characters.",
    _E.PERFORMER_UNKNOWN: "No take from [“{id}”|this performer] has arrived.[ Takes have arrived from {known}.]",
    _E.PERFORMER_KEY_NONE: "No new key from [“{id}”|this performer] is waiting. They sign with the one that is known.",
    _E.PERFORMER_KEY_OTHER: "The key waiting for [“{id}”|this performer] is a different one[: {waiting}]. Nothing was "
    "accepted. Ask the performer which key their newest receipt shows.",
    _E.PERFORMER_UNREADABLE: "What is known of a performer[, “{file}”,] cannot be read, so nothing new from them is "
    "accepted. Restore the file from a copy, or remove it: the next take then introduces their key again.",
    _E.TOKEN_LIST_UNREADABLE: "The list of tokens[ “{file}”] cannot be read[, from “{where}” on]. Nobody gets in with "
    "a token of their own until it is repaired or set aside.",
    _E.RECEIVER_UNREADY: "No receiver has run in [“{folder}”|that folder] yet, so nothing has come there. Check the "
    "name of the folder, or start the receiver there once.",
    _E.ARRIVAL_UNKNOWN: "No take [“{take}” |with that name ]is in this folder. Give the name of its folder, or the "
    "first letters of it.",
    _E.RULING_WRONG: "Nothing was decided[: {problem}][; the take lasts {seconds}]. Try again.",
    _E.RULING_UNSIGNED: "The receiver[ at {address}] says what the studio decided, but without the studio's signature. "
    "That is not trusted; ask the studio.",
    _E.INVITATION_ADDRESS: "The address[ {address}] cannot be used in an invitation: anybody on the way could read the "
    "code. Serve https, or give the address that starts with https:// as --at.",
    _E.INVITATION_UNREADABLE: "That is not a whole invitation[: {reason}]. Copy the link again, from perfstudio:// to "
    "its end.",
    _E.INVITATION_REFUSED: "Nothing was connected[ at {address}][: {reason}]. Ask the studio for a new invitation.",
    _E.WAITING_UNKNOWN: "Nothing is waiting here[ under “{id}”], or more than one thing is. `list` shows what is "
    "waiting.",
    _E.EXPORT_NAME_WRONG: "[“{id}”|This] cannot be the name of an export. A name is one line of up to 80 characters.",
    _E.EXPORT_TAKE_UNKNOWN: "No accepted take[ “{take}”] is here, so nothing was noted. Give its id, or the first "
    "letters of it.",
    _E.EXPORT_LIST_UNREADABLE: "The list of exports[ “{file}”] cannot be read[, from “{where}” on]. Nothing is deleted "
    "until it is repaired or set aside, because a deletion has to name them.",
    _E.FILE_CHANGED: "The file[ “{file}”] has changed since the take was sealed, so it is not sent. "
    "Nothing was deleted.",
    _E.RECEIPT_DIFFERS: "What arrived of [“{file}”|the take] is not what was sent. Your copy is safe.",
    _E.RECEIPT_UNPROVEN: "The receiver says it has the take, but what it signed for that is not valid[: {detail}]. It "
    "does not count as delivered; your take is safe here.",
    _E.STUDIO_KEYLESS: "The document of [{studio}|the studio] names no key, so nobody could tell whether a receipt is "
    "genuine. Nothing is sent. Ask the studio for its newer document and connect it again.",
    _E.STUDIO_KEY_CHANGED: "A different key now signs for [{studio}|the studio][: {new}; known here is "
    "{known}]. Nothing was changed. Ask the studio some other way whether that key is theirs[; if so, add {option}].",
    _E.STUDIO_KEY_GONE: "This document of [{studio}|the studio] lacks a key or an address that the one known here has. "
    "Nothing was changed. Ask the studio some other way whether that is right[; if so, add {option}].",
    _E.CERTIFICATE_UNUSABLE: "The certificate cannot be used[ from “{file}”][: {detail}]. "
    "The receiver was not started.",
    _E.RECEIVER_OPTION: "[{option} cannot be used|An option cannot be used][: {problem}]. "
    "The receiver was not started.",
    _E.STUDIO_KEY_UNUSABLE: "The studio's key[ “{file}”][ in “{folder}”] cannot be used[: {problem}]. "
    "The receiver was not started, and nothing was changed.",
    _E.PORT_TAKEN: "The port[ {port}] is in use by another program. Choose another with --port.",
    _E.DELIVERY_PAUSED: "[“{take}” is paused.|All deliveries are paused.] Nothing was sent. Resume with “perfstudio "
    "deliver --go-on”.",
    _E.DELIVERY_HELD: "[Takes are sent only by “{only}”, and this is “{name}”.|Takes are sent only by “{only}”, and "
    "this computer does not say which network this is.|“{name}” charges for what is sent.|This network charges for "
    "what is sent.] Nothing was sent. Add “--any-network” to send anyway.",
    _E.DELIVERY_ROLLING: "A take is being recorded on this computer. Nothing is sent meanwhile; try again afterwards.",
    _E.DELIVERY_BUSY: "Another perfstudio is sending these takes right now. Nothing was changed; let it finish.",
    _E.FOLDER_IN_USE: "[The folder “{folder}”|That folder] is in use by another receiver. "
    "Choose another folder, or close that receiver first.",
    _E.UNEXPECTED: "Something happened that perfstudio does not know[: {detail}]. What is on the disk is safe."
    "[ The details are in “{file}”; a maintainer can read them.]",
    _E.BUNDLE_MISSING: "There is no folder[ “{folder}”]. Give the folder of a take.",
    _E.BUNDLE_INVALID: "The bundle is not valid[ at {file}][, {where}][, line {line}][: {problem}]. Its files were "
    "left as they were.",
}

_FORM_CODES = frozenset(
    {ErrorCode.PACK_INVALID, ErrorCode.STUDIO_INVALID, ErrorCode.CONSENT_INVALID, ErrorCode.TAKE_DAMAGED}
    | {ErrorCode.LABELS_INVALID, ErrorCode.PROMPTS_UNREADABLE}
)


def sentence(problem: PerfstudioError) -> str:
    """The sentence or two that a person reads. Holds whatever facts are missing."""
    return sentence_for(problem.code, problem.facts)


def sentence_for(code: ErrorCode, facts: Mapping[str, str | int | float]) -> str:
    """The same for a code and facts that travelled apart from an exception, as in a `DeliveryStatus`."""
    if code is ErrorCode.RECEIVER_UNSAFE and "detail" in facts:
        return unsafe_receiver(facts)
    words = {name: text for name, value in facts.items() if (text := said(name, value))}
    if code in _FORM_CODES and "problem" in facts:
        words["problem"] = form_problem(str(facts["problem"]), facts)
    if "form" in facts:
        words["problem"] = form_problem(str(facts["form"]), facts)
    if code is ErrorCode.PACK_TOO_LARGE and "what" in facts:
        words["what"] = over_the_limit(str(facts["what"]), facts.get("limit", ""))
    if "close" in words:
        words["close"] = formatting.alternatives(words["close"].split(", "))
    return say(_SENTENCES[code], {name: one_line(word) for name, word in words.items()})  # many are words of others
