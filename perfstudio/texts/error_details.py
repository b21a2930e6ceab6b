"""Short codes inside facts (`detail`, `problem`, `where`, `state`) as clauses that fit behind a colon."""

from __future__ import annotations

import re

from perfstudio.language.catalogue import Messages, _
from perfstudio.model.consent import ConsentProblem, UseId
from perfstudio.model.take import FILE_NAMES, FileRole, TakeState
from perfstudio.texts.states import take_state, use_label
from perfstudio.texts.template import quoted

_C = ConsentProblem
_CLAUSES: Messages[dict[str, str]] = {
    # the system
    "ENOSPC": "it is full",
    "EDQUOT": "your share of it is used up",
    "EFBIG": "the file has grown too large for it",
    "EIO": "it reports a fault",
    "EROFS": "it is read-only",
    "EACCES": "permission is missing",
    "EPERM": "permission is missing",
    "ENOENT": "the folder is gone",
    "ENOTDIR": "something in its path is not a folder",
    "EISDIR": "it is a folder",
    "EEXIST": "something with that name is in the way",
    "ENOTEMPTY": "something with that name is in the way",
    "ENAMETOOLONG": "its name is too long",
    "EINVAL": "the system does not allow such a name",
    "EILSEQ": "the system does not allow such a name",
    "ELOOP": "it is a link that leads nowhere",
    "EBUSY": "another program is using it",
    "ETXTBSY": "another program is using it",
    "EMFILE": "too many files are open",
    "ENFILE": "too many files are open",
    "ENOMEM": "there is no memory left",
    "ESTALE": "the drive is gone",
    "EHOSTDOWN": "the drive is gone",
    "ETIMEDOUT": "the drive does not answer",
    "ENXIO": "it is not an ordinary file",
    "ENODEV": "the drive is gone",
    "ENOTCONN": "the drive is gone",
    "path_too_long": "its path is too long",
    # files
    "empty": "it is empty",
    "missing": "the file is missing",
    "unreadable": "it cannot be read",
    "not_utf8": "it is not UTF-8 text",
    "truncated": "its end is missing",
    "link": "it is a link, not a file",
    "manifest": "its take.json is not valid",
    "newer_format": "a newer perfstudio wrote it. Update this one to open it",
    "not_json": "it is not JSON",
    "recovery_died": "recovering it stopped halfway. The next start tries again",
    "recovery_interrupted": "recovering it was cut short three times. `perfstudio takes recover` tries again",
    "eof": "its end is missing",
    "broken": "it is damaged, or its end is missing",
    "form": "its format is not known here",
    "codec": "its format is not known here",
    "no_content": "nothing in it can be played",
    "text": "it is text",
    "clip": "it is a partner's clip. Play to it: `perfstudio record` with --partner, or open it in perfstudio's window",
    "zip": "it is a compressed folder. Unpack it first",
    "document": "it is a document",
    "folder": "it is a folder",
    "no_file": "it is a device or a pipe, not a file",
    "still_picture": "it is a still picture",
    "playlist": "it is a list of other files",
    "face_model": "it does not work as a face model here",
    "changed": "it is not the file that was chosen",
    "unusable": "it does not work as a face model here",
    "file": "a file is not the one that was sealed",
    "name": "a file has a name that does not belong in a take",
    "too_large": "it is too large",
    "too_long": "it is too long",
    "not_as_written": "it is not in the format in which it was written",
    "names": "a file's name does not match its role",
    "size_differs": "the file's size is not the one that was sealed",
    "hash_differs": "the file is not the one that was sealed",
    "file_differs": "the file is not the one that was sealed",
    "seal": "it was changed after sealing",
    "not_listed": "nothing in the take names it",
    "not_as_said": "it is not what clip.json says it is",
    "not_of_a_clip": "it contains something that does not belong in a clip",
    "folder_of_another_take": "the folder has the name of another take",
    "changed_since_sent": "it was changed after the take was last queued for delivery",
    "no_earlier_consent": "it is not an earlier consent of this take",
    "not_as_confirmed": "it is not what the receiver confirmed",
    "confirms_other": "what the receiver confirmed is not what is here",
    "not_as_sent": "it is not what was sent",
    "says_other": "what was sent is not what is here",
    "another_studio": "it belongs to another studio, not the one that asked for the take",
    "another_delivery": "it is about another delivery of the take",
    "receipt_gone": "the receipt it refers to is missing",
    "sync_differs": "the sync cannot be recomputed as written",
    "pings_differ": "the times of the pings do not match the take's own clock",
    "partner_differs": "the time the partner was heard cannot be recomputed as written",
    "consent": "its consent.json is not valid",
    "receipt": "its receipt.json is not valid",
    "sent": "its sent.json is not valid",
    "receipt_of_another_take": "its receipt.json is about another take",
    "sent_of_another_take": "its sent.json is about another take",
    "consent_missing": "its consent.json is missing",
    "receipt_missing": "its receipt.json is missing",
    "folder_missing": "its folder is not there",
    "ruling_of_another_take": "its ruling.json is about another take. The studio will be asked for it again",
    "pairs_of_another_take": "its pairs.json is about another take",
    "clips_of_another_take": "its clips.json is about another take",
    "clips": "its clips.json, which says what clips of it went out, cannot be read. Move it away to make another clip",
    "pairs": "its pairs.json, what was told of the partner's side, cannot be read. The studio will be asked for it "
    "again",
    "ruling": "its ruling.json, the studio's decision, cannot be read. The studio will be asked for it again",
    "consent_not_named": "the take does not name this consent",
    "withdrawn": "the consent was taken back",
    # keys
    "no_keyring": "it is in a password store, and none answers here. Open perfstudio where that password store is open",
    "not_there": "the password store no longer has it. Restore it from a copy, or move keys/signing-key.json to "
    "another folder; the next signature then makes a new key",
    "other_key": "the key here is a different one",
    "not_allowed": "the password store here would keep it unprotected",
    "read_back": "the password store does not return what it was given",
    "timeout": "the password store does not answer. Unlock it and try again",
    "locked": "the password store is locked. Unlock it and try again",
    # scenes
    "content_beyond": "it touches what you never play",
    "content_unsaid": "nobody has said what it touches",
    # receivers
    "certificate": "its certificate cannot be trusted",
    "tls": "no secure connection could be made",
    "private_address": "it leads into a private network",
    "not_http": "it does not speak HTTP",
    "answer_too_long": "its answer is too long",
    "portal": "the network's sign-in page answered instead",
    "web_page": "a web page answered, perhaps the network's sign-in page",
    "not_tus": "it does not speak the upload protocol (tus)",
    "upload_lost": "it lost what had been sent",
    "fell_back": "it has less than it had confirmed",
    "never_sent": "it claims to have what was never sent",
    "nothing_verified": "it names no file that it has checked",
    "studios_other_key": "it is signed with a key that is not the studio's",
    "not_its_signature": "the signature is not the studio's",
    "studio_not_known": "the studio is no longer connected here, so its key is not available",
    "of_another_time": "it answers something that was asked at another time",
    "about_another_take": "it is about another take",
    "of_other_files": "it is about other files than the ones sent",
    "bytes_not_there": "it does not have the data of the take",
    "signature_gone": "its signature is missing",
    "signature_broken": "its signature is not valid: it was changed",
    "came_with_other_consent": "it was given for another consent",
    "never_finished": "it has all the data, but has not finished checking it",
    "never_room": "it had no room for it each time it was asked. Ask the studio, and try again when it has made room",
    "no_space": "it has no room left",
    "no_progress": "it confirms nothing that is sent",
    "no_certificate": "it contains no certificate",
    "tls_broken": "it breaks off while a secure connection is being made",
    "no_chain": "it contains no certificate that fits",
    "key_locked": "the key is locked with a passphrase. Give one that is not",
    "key_differs_here": "it is not that certificate's key",
    "certificate_and_key": "--certificate and --key belong together; give both",
    "turn_and_secret": "a relay asks for a pass, which is made of its secret: --turn and --turn-secret-file belong "
    "together",
    "who_receives": "performers are told who receives their takes and how to reach them",
    "plain_http": "anybody on the way could read what is sent; give --certificate and --key, put https in front and "
    "give its address as --public-url, or use --plain-http",
    "reason_missing": "a rejected take needs a reason, so that it can be done better",
    "reason_long": "the reason is longer than 500 letters",
    "reason_unprintable": "the reason is not one line of text",
    "moment_outside": "the moment is after the end of the take",
    "cut_off": "part of the link is missing",
    "link_damaged": "it was changed on the way",
    "code_used": "this invitation has already been used",
    "code_expired": "this invitation has expired",
    "code_unknown": "the studio does not know this invitation, or has cancelled it",
    "codes_wrong": "too many wrong codes came from here; wait a few minutes",
    "invited_by_another": "what answers there is not the studio that invited you; its key is another",
    "not_signed": "its answer does not carry the studio's signature",
    "no_calls": "it is a plain server that gives no tokens",
    "token_unknown": "it does not know the token it has just given",
    "answers_otherwise": "its answer makes no sense",
    "token_short": "a token has at least 20 characters, all of them plain letters, digits or punctuation",
    "key_gone": "the file is missing. Restore it from a copy; performers know the studio by this key",
    "key_damaged": "it was changed or damaged. Restore it from a copy; performers know the studio by this key",
    "key_halves": "it does not match the public half beside it. Restore the one that does",
    "key_open": "other accounts on this computer can read or change it. Take that right away from them",
    "not_an_id": "an id has up to 64 small letters, digits and hyphens",
    "not_a_line": "it must be a line of 1 to 200 characters",
    "not_an_address": "this computer has no address with that name",
    "not_public": "it must be an address that starts with https://, or with http:// on this computer only",
    "expired": "the time the consent was given for is over",
    "out_of_order": "its acts are not in order of time. Check this computer's clock and sign again",
    "key_changed": "it was signed with a key you had replaced before, here or on another computer. Take it back and "
    "sign again where the new key is",
    "key_not_known": "this studio knows you by another signing key. If that one is lost, ask the studio to accept the "
    "new one, and tell it the key your receipt shows. Take back what the lost one signed, and sign it again",
    "others_not_said": "somebody else is in the take, and it does not say who. Take it back and sign again",
    "adult_not_said": "it does not say that the performer is 18 or older. Sign again with this version",
    "not_begun": "the consent begins in the future. Check this computer's clock and sign again",
    "other_studio": "the consent was given to another studio",
    "consent_of_another_take": "the consent belongs to another take",
    "for_practice_only": "that receiver takes practice takes only",
    "practice_take": "it was made with a practice device",
    "not_a_picture": "take.mp4 is not a video",
    "not_a_sound": "audio.flac is not sound",
    "not_a_thumbnail": "thumbnail.jpg is not a picture",
    "not_a_timing": "timing.zip is not a timing log",
    "not_a_room_tone": "room-tone.flac is not sound",
    "not_a_partner_heard": "partner-heard.flac is not sound",
    "not_a_spoken_consent": "spoken-consent.flac is not sound",
    "spoken_missing": "the statement the pack asks for was not read aloud. Sign again and read it",
    "spoken_unasked": "it names a recording the pack does not ask for",
    "spoken_other_words": "what was read aloud is not the pack's statement",
    "other_words": "what was read aloud is not the pack's statement",
    "microphone_went": "nothing more came from the microphone. Check its plug and its switch",
    "disk_refused": "there was no room for it on the disk, or the disk accepts nothing",
    "recorder_stopped": "the recorder stopped by itself",
    "computer_slept": "the computer went to sleep",
    "other_recording": "the recording is not the one that was signed",
    "not_a_token": "it is empty, too long, or has a space or a letter that tokens do not have",
    # cameras on the network
    "gives_page": "it sends a web page",
    "gives_data": "it sends data, not video",
    "gives_text": "it sends text, not video",
    "gives_sound": "it sends sound, not video",
    "gives_one_picture": "it sends a single picture",
    "gives_other_picture": "its pictures are not JPEG",
    "gives_nothing": "nothing follows",
    "no_pictures": "it has no pictures that can be read",
    "points_on": "it keeps redirecting to other addresses",
    "points_elsewhere": "it redirects to an address of another kind",
    "declines": "it declines the request",
    "breaks_off": "it hangs up without an answer",
    "not_rtsp": "it does not speak a camera's protocol",
    "own_making": "the camera made it itself",
    "unknown_maker": "nobody this computer trusts vouches for it",
    "out_of_date": "it has expired",
    "not_yet_valid": "it is not valid yet by this computer's clock",
    "other_name": "it is for another name",
    "fell_silent": "nothing more came",
    "broke_off": "it broke off",
    "was_ended": "the camera ended it",
    # consent records
    "other_take": "it belongs to another take",
    "of_another_take": "the pack is not the one this take was made with",
    "of_another_pack": "the terms are not this pack's terms",
    "not_appended": "earlier acts were changed instead of being added to",
    "still_standing": "an earlier consent still stands",
    _C.HEAD_CHANGED: "the fixed part is not what was signed",
    _C.EVENT_CHANGED: "this act is not what was signed",
    _C.EVENT_MISSING: "an act was removed, moved or inserted",
    _C.EVENTS_ABSENT: "nothing was ever signed",
    _C.CHAIN_BROKEN: "this act does not follow from the ones before it",
    _C.KEY_UNREADABLE: "its key cannot be read",
    _C.KEY_DIFFERS: "it was signed with another key",
    _C.KEY_FOREIGN: "another installation gave this consent, and may only take it back",
    _C.USE_UNKNOWN: "an act is about a use that was not requested",
    _C.USE_BUNDLED: "a use that stands apart was given together with others",
    _C.USE_BYSTANDER: "somebody is in the take by chance and was not asked, so it can be given for review only",
    _C.NAMED_TWICE: "it names something twice, so it can be read in two ways",
    _C.NOTICE_DIFFERS: "the text shown is not the text that was hashed",
    _C.TAKE_DIFFERS: "it belongs to another take",
    _C.SEAL_DIFFERS: "the take was changed after signing",
    _C.FILES_DIFFER: "a file is not the one that was signed",
    _C.REFERENCE_DIFFERS: "acts are missing at its end",
}
_PLACES: Messages[dict[str, str]] = {
    "head": "its fixed part",
    "events": "its acts",
    "notice": "the text shown",
    "take": "its take",
    "key": "its key",
    "decision": "what was decided",
    "circled": "whether it is preferred",
    "labels": "its labels",
    "note": "its note",
    "trim": "its in and out points",
    "intended": "what was marked as intended",
    "ledger": "the time spent on it",
    "played": "how it was played",
    "transcript": "its transcript",
}
_FILES: Messages[dict[FileRole, str]] = {
    FileRole.PICTURE: "the picture",
    FileRole.SOUND: "the sound",
    FileRole.THUMBNAIL: "the thumbnail",
    FileRole.TIMING: "the clock observations",
    FileRole.ROOM_TONE: "the room tone",
    FileRole.PARTNER_HEARD: "the partner as heard",
    FileRole.DUET_PINGS: "the pings of the duet",
    FileRole.TRANSCRIPT: "the transcript",
    FileRole.SPOKEN_CONSENT: "what was read aloud",
    FileRole.MANIFEST: "take.json",
    FileRole.CONSENT: "consent.json",
    FileRole.RECEIPT: "the receipt",
}
_UNFIT: Messages[dict[str, str]] = {
    "cut_short:": "{file} is damaged, or its end is missing",
    "other_length:": "{file} is not as long as the take says",
    "other_shape:": "{file} does not have the format the take says: the size of its pictures, or the rate of its sound",
    "too_costly:": "{file} needs more time or memory to play than any take does",
    "breaks_player:": "{file} makes the player crash",
}
_NEEDED: Messages[dict[str, str]] = {"sealed": "closed and sealed", "signed": "signed", "labelled": "labelled"}
_NOT_GIVEN, _CONSENT = "use_not_given:", "consent:"
_SYSTEMS_NAME = re.compile(r"E[A-Z0-9]{3,}")
_MACHINE_TALK = re.compile(r"error|fail|invalid|exception|errno|traceback|!|0x", re.IGNORECASE)


def reason(code: str) -> str:
    """The clause for a code. What is no code is passed on when it reads like words, and left out when it does not."""
    if code in _CLAUSES:
        return _(_CLAUSES[code])
    several = [part.strip() for part in code.split(";")]
    if len(several) > 1 and all(_is_code(part) for part in several):
        return "; ".join(reason(part) for part in several)
    if ":" in code and _is_code(code):
        return _about(*code.split(":", 1))
    text = " ".join(code.replace("_", " ").split()).rstrip(".")
    if _SYSTEMS_NAME.fullmatch(code):
        return ""
    camel = re.search(r"[a-z][A-Z]", text)
    return "" if camel or _MACHINE_TALK.search(text) or not text else text


def _about(kind: str, what: str) -> str:
    """A code of ours that says of what it speaks."""
    if f"{kind}:" == _CONSENT:
        return _("the consent is not valid: {reason}", reason=reason(what))
    if f"{kind}:" == _NOT_GIVEN:
        return _("the consent lacks your yes to “{use}”", use=use_label(UseId(what)))
    return _(_UNFIT[f"{kind}:"], file=FILE_NAMES[FileRole(what)])


def _is_code(text: str) -> bool:
    """Whether a receiver speaks in our codes."""
    kind, colon, about = text.partition(":")
    known: dict[str, set[str]] = {_NOT_GIVEN: {*UseId}, _CONSENT: {*ConsentProblem}}
    known |= {kind: {*FILE_NAMES} for kind in _UNFIT}
    return text in _CLAUSES or about in known.get(kind + colon, set())


def where(place: str) -> str:
    """The place inside a document: "event 2" is "act 2", "file picture" is "the picture", a line is itself."""
    kind, _space, rest = place.partition(" ")
    if kind == "event" and rest.isdigit():
        return _("act {number}", number=rest)
    if kind == "file" and rest in {role.value for role in FileRole}:
        return _(_FILES[FileRole(rest)])
    if kind == "line" and rest.isdigit():
        return place
    return _(_PLACES[place]) if place in _PLACES else quoted(place) if place else ""


def state(value: str) -> str:
    """The state of a take inside a sentence."""
    if value in {known.value for known in TakeState}:
        return take_state(TakeState(value))
    return _(_NEEDED.get(value, value.replace("_", " ")))
