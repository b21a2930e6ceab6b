"""Everything that can go wrong and is the user's business, as one tree of codes and facts.

    PerfstudioError
    ├── DeviceError      camera or microphone: unknown, busy, silent, lost
    ├── CaptureError     the recorder: will not start, writer stuck, disk full
    ├── LibraryError     takes and folders: unknown take, damaged, not writable
    ├── PackError        packs: not a zip, schema broken, unknown prompt
    ├── MediaError       a media file that cannot be read
    ├── ConsentError     terms, keys, signatures
    ├── CallError        two at two machines: no meeting, no line, a line that is lost
    └── DeliveryError    receivers, tokens, transfers

An error carries a code (`ErrorCode`) and facts (names and numbers). The sentence a person reads is made from both in
`perfstudio.texts`; nothing below that floor writes prose. Programming errors stay ordinary Python exceptions.
"""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable names of what went wrong. `perfstudio.texts.errors` has a sentence for each, held to it by a test."""

    # devices
    CAMERA_UNKNOWN = "camera_unknown"  # id, known
    CAMERA_BUSY = "camera_busy"  # id
    CAMERA_REFUSED = "camera_refused"  # id
    CAMERA_DENIED = "camera_denied"  # id, listed, switch
    CAMERA_UNASKED = "camera_unasked"  # id, listed
    CAMERA_POLICY = "camera_policy"  # id
    CAMERA_NO_RIGHT = "camera_no_right"  # id, group
    CAMERA_NO_ANSWER = "camera_no_answer"  # address, seconds
    CAMERA_ADDRESS = "camera_address"  # address, known
    CAMERA_NAME_UNKNOWN = "camera_name_unknown"  # host
    CAMERA_NO_WAY = "camera_no_way"  # address
    CAMERA_NOT_LISTENING = "camera_not_listening"  # address
    CAMERA_OTHER_ANSWER = "camera_other_answer"  # address, detail
    CAMERA_NO_SUCH_PATH = "camera_no_such_path"  # address
    CAMERA_FORBIDDEN = "camera_forbidden"  # address
    CAMERA_LOGIN_NEEDED = "camera_login_needed"  # address
    CAMERA_LOGIN_WRONG = "camera_login_wrong"  # address
    CAMERA_TROUBLED = "camera_troubled"  # address
    CAMERA_UNTRUSTED = "camera_untrusted"  # address, detail
    CAMERA_TRUST_FILE = "camera_trust_file"  # file
    CAMERA_ENCRYPTED = "camera_encrypted"  # address
    CAMERA_NOT_ENCRYPTED = "camera_not_encrypted"  # address
    CAMERA_LINE_LOST = "camera_line_lost"  # address, detail
    CAMERA_STOPPED = "camera_stopped"  # id
    CAMERA_LOST = "camera_lost"  # id
    MICROPHONE_UNKNOWN = "microphone_unknown"  # id, known
    MICROPHONE_BUSY = "microphone_busy"  # id
    MICROPHONE_REFUSED = "microphone_refused"  # id, detail
    MICROPHONE_DENIED = "microphone_denied"  # id, listed, switch
    MICROPHONE_UNASKED = "microphone_unasked"  # id, listed
    MICROPHONE_POLICY = "microphone_policy"  # id
    MICROPHONE_NO_RIGHT = "microphone_no_right"  # id, group
    MICROPHONE_SILENT = "microphone_silent"  # id, seconds
    MICROPHONE_STOPPED = "microphone_stopped"  # id, seconds
    MICROPHONE_LOST = "microphone_lost"  # id
    HEADPHONES_UNKNOWN = "headphones_unknown"  # id
    HEADPHONES_REFUSED = "headphones_refused"  # id
    HEADPHONES_UNCHOSEN = "headphones_unchosen"  # option
    HEADPHONES_LOST = "headphones_lost"  # id
    SOUND_SYSTEM_MISSING = "sound_system_missing"  # detail
    # capture
    # a write that failed, by its culprit: made in perfstudio.durable and nowhere else
    DISK_FULL = "disk_full"  # folder, free_mb, needed_mb
    DISK_READ_ONLY = "disk_read_only"  # folder
    DISK_GONE = "disk_gone"  # folder
    NAME_TOO_LONG = "name_too_long"  # file
    TOO_MANY_FILES = "too_many_files"  # file
    FILE_IN_USE = "file_in_use"  # file, programs
    DISK_WRITE = "disk_write"  # file, detail
    ENCODER_FAILED = "encoder_failed"  # file, detail
    RECORDER_DIED = "recorder_died"
    RECORDER_STUCK = "recorder_stuck"  # seconds
    PROGRAM_REPLACED = "program_replaced"
    NOTHING_RECORDED = "nothing_recorded"
    COMPUTER_SLEPT = "computer_slept"
    # library
    TAKE_UNKNOWN = "take_unknown"  # take
    TAKE_AMBIGUOUS = "take_ambiguous"  # take, matches
    TAKE_DAMAGED = "take_damaged"  # take, detail, file, where, line, problem
    TAKE_NOT_READY = "take_not_ready"  # take, state, needed, missing
    LABELS_INVALID = "labels_invalid"  # where, problem
    PLAYED_NO_PLACE = "played_no_place"  # take
    SCALES_NO_PLACE = "scales_no_place"  # take
    MARKS_NO_PLACE = "marks_no_place"  # take
    MARKS_TOO_MANY = "marks_too_many"  # take, most
    FOLDER_NOT_WRITABLE = "folder_not_writable"  # folder
    FOLDER_UNUSABLE = "folder_unusable"  # folder, reason
    LIBRARY_IN_USE = "library_in_use"
    LIBRARY_NEWER = "library_newer"
    # packs
    PACK_UNREADABLE = "pack_unreadable"  # file
    PACK_ADDRESS = "pack_address"  # file
    PACK_NOT_A_ZIP = "pack_not_a_zip"  # file
    PACK_INVALID = "pack_invalid"  # file, where, line, problem
    PACK_TOO_LARGE = "pack_too_large"  # file, what, limit
    PACK_CHANGED = "pack_changed"  # pack, version
    PACK_RESERVED = "pack_reserved"  # file, id, alike
    PACK_NOT_AS_SHOWN = "pack_not_as_shown"  # file
    PACK_UNSIGNED = "pack_unsigned"  # file, studio
    PACK_OTHER_KEY = "pack_other_key"  # file, studio, known, new
    PACK_KEY_UNUSABLE = "pack_key_unusable"  # file, problem
    PACK_NOT_A_FOLDER = "pack_not_a_folder"  # file
    PACK_UNKNOWN = "pack_unknown"  # pack
    PROMPT_UNKNOWN = "prompt_unknown"  # prompt, close
    PROMPT_AMBIGUOUS = "prompt_ambiguous"  # prompt, matches
    PROMPT_ROLE = "prompt_role"  # prompt, roles, role: which role is played was not said, or there is none such
    PROMPT_BEYOND = "prompt_beyond"  # prompt, reason: the performer's own limits leave it out
    PROMPT_LANGUAGE = "prompt_language"  # prompt, language, languages
    PROMPTS_UNREADABLE = "prompts_unreadable"  # file, where, line, problem, limit: a table of prompts
    PACK_IN_THE_WAY = "pack_in_the_way"  # file
    # media
    PARTNER_NOT_IN_PACK = "partner_not_in_pack"
    PARTNER_KIND = "partner_kind"  # file
    PARTNER_STATE = "partner_state"  # take, state
    PARTNER_OTHER_SCENE = "partner_other_scene"  # take, prompt, version, known
    PARTNER_NO_SOUND = "partner_no_sound"  # file
    PARTNER_SILENT = "partner_silent"  # file
    PARTNER_LONG = "partner_long"  # file, seconds
    CLIP_UNREADABLE = "clip_unreadable"  # file
    CLIP_NOT_ONE = "clip_not_one"  # file
    CLIP_CUT_SHORT = "clip_cut_short"  # file
    CLIP_INVALID = "clip_invalid"  # file, where, line, problem
    CLIP_TOO_LARGE = "clip_too_large"  # file
    CLIP_NEWER = "clip_newer"  # file
    CLIP_THERE = "clip_there"  # file
    CLIP_NO_PICTURE = "clip_no_picture"  # take
    CLIP_SILENT = "clip_silent"  # take
    CLIP_LAPSED = "clip_lapsed"  # file, seen
    CLIP_TAKEN_BACK = "clip_taken_back"  # file
    CLIP_TAKE_GONE = "clip_take_gone"  # file
    CLIP_OTHER_SCENE = "clip_other_scene"  # file, scene, pack
    CLIP_OTHER_WORDS = "clip_other_words"  # file, version, known
    CLIP_SAME_ROLE = "clip_same_role"  # file, role
    CLIP_PACK_MISSING = "clip_pack_missing"  # file, pack, version
    CLIP_UNKNOWN = "clip_unknown"  # id
    CLIP_IN_USE = "clip_in_use"  # file
    MEDIA_MISSING = "media_missing"  # file
    MEDIA_UNREADABLE = "media_unreadable"  # file, detail
    MEDIA_NO_STREAMS = "media_no_streams"  # file
    FACE_MODEL = "face_model"  # file, reason
    # consent
    CONSENT_MISSING = "consent_missing"  # take
    CONSENT_NAME_MISSING = "consent_name_missing"
    CONSENT_NAME_LONG = "consent_name_long"  # most
    CONSENT_USE_UNKNOWN = "consent_use_unknown"  # use, offered
    CONSENT_USE_REQUIRED = "consent_use_required"  # use
    CONSENT_NOT_THOUGHT_OVER = "consent_not_thought_over"  # lines
    CONSENT_USE_TOO_LONG = "consent_use_too_long"  # use, years
    CONSENT_USE_SEPARATE = "consent_use_separate"  # use
    CONSENT_OTHERS_UNSAID = "consent_others_unsaid"  # option
    CONSENT_OTHERS_UNASKED = "consent_others_unasked"  # take
    CONSENT_PARTNER_UNNAMED = "consent_partner_unnamed"  # option
    CONSENT_PARTNER_UNSAID = "consent_partner_unsaid"  # option
    CONSENT_BYSTANDER = "consent_bystander"  # use
    CONSENT_BYSTANDER_NEEDED = "consent_bystander_needed"  # use
    CLOCK_DOUBTED = "clock_doubted"  # clock, seen, by, option
    AGE_NOT_STATED = "age_not_stated"  # option
    CONSENT_INVALID = "consent_invalid"  # where, line, problem
    CONSENT_WITHDRAWN = "consent_withdrawn"  # take
    CONSENT_NEVER_GIVEN = "consent_never_given"  # use
    CONSENT_STANDS = "consent_stands"  # take
    CONSENT_SPOKEN_MISSING = "consent_spoken_missing"  # option
    CONSENT_SPOKEN_UNASKED = "consent_spoken_unasked"
    CONSENT_SPOKEN_GONE = "consent_spoken_gone"  # take
    SPOKEN_CUT_SHORT = "spoken_cut_short"  # problem
    SPOKEN_NO_TERMINAL = "spoken_no_terminal"  # option
    SPOKEN_SILENT = "spoken_silent"  # seconds, file
    SPOKEN_TOO_LONG = "spoken_too_long"  # seconds, file
    EXPORT_INSIDE = "export_inside"  # folder
    EXPORT_FOREIGN = "export_foreign"  # folder
    EXPORT_OTHERS = "export_others"  # folder: the copy of another performer
    EXPORT_STOPPED = "export_stopped"  # folder
    EXPORT_DIFFERS = "export_differs"  # file, folder
    GIVEN_NOTHING = "given_nothing"  # studio, pack
    CONSENTS_NONE = "consents_none"  # folder
    RECEIPT_THERE = "receipt_there"  # file
    RECEIPT_UNREADABLE = "receipt_unreadable"  # file
    RECEIPT_CODE = "receipt_code"  # typed
    KEY_UNAVAILABLE = "key_unavailable"  # detail
    KEY_PASSPHRASE_NEEDED = "key_passphrase_needed"  # minimum, variable
    KEY_PASSPHRASE_WRONG = "key_passphrase_wrong"  # file
    KEY_PASSPHRASE_FILE = "key_passphrase_file"  # file, detail, variable
    KEY_PASSPHRASE_SHORT = "key_passphrase_short"  # minimum
    KEY_DAMAGED = "key_damaged"  # file
    KEY_NOT_MADE = "key_not_made"
    KEY_CHANGED_OFTEN = "key_changed_often"
    KEY_CHANGED_MEANWHILE = "key_changed_meanwhile"
    CONSENT_KEY_GONE = "consent_key_gone"
    CONSENT_KEY_STRANGE = "consent_key_strange"
    CONSENT_KEY_EARLIER = "consent_key_earlier"
    CONSENT_KEY_CHANGED = "consent_key_changed"
    # delivery
    STUDIO_UNKNOWN = "studio_unknown"  # studio: "" where none is connected and none was named
    STUDIOS_SEVERAL = "studios_several"  # known: the ids; none was named
    PRACTICE_TAKE = "practice_take"
    PRACTICE_RECEIVER = "practice_receiver"  # studio
    STUDIO_DIFFERS = "studio_differs"  # asked
    STUDIO_INVALID = "studio_invalid"  # file, where, line, problem
    STUDIO_UNREADABLE = "studio_unreadable"  # file, reason
    STUDIO_UNREACHABLE = "studio_unreachable"  # address, detail
    RECEIVER_UNREACHABLE = "receiver_unreachable"  # address
    RECEIVER_REFUSED = "receiver_refused"  # reason
    RECEIVER_PROTOCOL = "receiver_protocol"  # detail
    RECEIVER_FULL = "receiver_full"  # address, reason
    RECEIVER_UNFINISHED = "receiver_unfinished"  # address, seconds
    RECEIVER_DECIDES = "receiver_decides"  # address
    RECEIVER_UNSAFE = "receiver_unsafe"  # address
    # a detail beside it (with "why" or "elsewhere") chooses the sentence, see words.unsafe
    TRUST_UNREADABLE = "trust_unreadable"  # file, detail
    TOKEN_WRONG = "token_wrong"  # address, reason
    TOKEN_MISSING = "token_missing"  # address
    TOKEN_UNREADABLE = "token_unreadable"  # file, detail
    TOKEN_NAME_TAKEN = "token_name_taken"  # id
    TOKEN_NAME_UNKNOWN = "token_name_unknown"  # known; what was typed may be a token, and is not said again
    CLIP_WAITS_NOT = "clip_waits_not"  # id
    CLIP_NOBODYS_TOKEN = "clip_nobodys_token"  # id
    TOKEN_NAME_WRONG = "token_name_wrong"  # id
    PERFORMER_UNKNOWN = "performer_unknown"  # id, known
    PERFORMER_KEY_NONE = "performer_key_none"  # id
    PERFORMER_KEY_OTHER = "performer_key_other"  # id, waiting
    PERFORMER_UNREADABLE = "performer_unreadable"  # file
    TOKEN_LIST_UNREADABLE = "token_list_unreadable"  # file, where
    RECEIVER_UNREADY = "receiver_unready"  # folder
    ARRIVAL_UNKNOWN = "arrival_unknown"  # take
    RULING_WRONG = "ruling_wrong"  # problem, seconds
    RULING_UNSIGNED = "ruling_unsigned"  # address
    INVITATION_ADDRESS = "invitation_address"  # address
    INVITATION_UNREADABLE = "invitation_unreadable"  # reason
    INVITATION_REFUSED = "invitation_refused"  # address, reason
    WINDOW_SILENT = "window_silent"  # host
    LINK_NOT_ALONE = "link_not_alone"
    PACK_NOT_ALONE = "pack_not_alone"  # word
    LINKS_NOT_INSTALLED = "links_not_installed"  # python
    LINKS_ENTRY_FOREIGN = "links_entry_foreign"  # file
    LINKS_REFUSED = "links_refused"
    LINKS_BUNDLE_ONLY = "links_bundle_only"
    LINKS_UNCHANGED = "links_unchanged"  # by
    WITHDRAWAL_UNTOLD = "withdrawal_untold"  # studio
    FILE_CHANGED = "file_changed"  # file
    RECEIPT_DIFFERS = "receipt_differs"  # file
    RECEIPT_UNPROVEN = "receipt_unproven"  # detail
    STUDIO_KEYLESS = "studio_keyless"  # studio
    STUDIO_KEY_CHANGED = "studio_key_changed"  # studio, known, new, option
    STUDIO_KEY_GONE = "studio_key_gone"  # studio, option
    WAITING_UNKNOWN = "waiting_unknown"  # id
    EXPORT_NAME_WRONG = "export_name_wrong"  # id
    EXPORT_TAKE_UNKNOWN = "export_take_unknown"  # take
    EXPORT_LIST_UNREADABLE = "export_list_unreadable"  # file, where
    CERTIFICATE_UNUSABLE = "certificate_unusable"  # file, detail
    RECEIVER_OPTION = "receiver_option"  # option, problem
    STUDIO_KEY_UNUSABLE = "studio_key_unusable"  # folder, file, problem
    PORT_TAKEN = "port_taken"  # port
    DUET_CODE_UNKNOWN = "duet_code_unknown"
    DUET_TAKEN = "duet_taken"
    DUET_OVER = "duet_over"
    DUET_STOPPED = "duet_stopped"
    DUET_NO_MEETING = "duet_no_meeting"  # studio
    DUET_NO_SENSE = "duet_no_sense"
    DUET_NO_LINE = "duet_no_line"
    DUET_AGE = "duet_age"  # option
    DUET_PARTNER_AGE = "duet_partner_age"
    DUET_SILENT = "duet_silent"
    DUET_ONE_RECORDS = "duet_one_records"
    DUET_ONE_NAMED = "duet_one_named"
    DUET_NO_SCENE = "duet_no_scene"
    DUET_TEXT_WRONG = "duet_text_wrong"  # file
    DUET_TEXT_OTHER = "duet_text_other"  # file
    DUET_RELAY_UNNAMED = "duet_relay_unnamed"
    DUET_NO_RELAY = "duet_no_relay"  # studio; absent: the relay that there is did not take this computer in
    DUET_LINE_LOST = "duet_line_lost"
    DUET_LINE_DIED = "duet_line_died"
    DUET_BLOCKED = "duet_blocked"
    DUET_NO_PARTNER = "duet_no_partner"  # take
    DUET_NOT_BLOCKED = "duet_not_blocked"  # id
    DUET_NO_ROLE = "duet_no_role"
    DUET_OTHER_SCENE = "duet_other_scene"
    DUET_SAME_ROLE = "duet_same_role"  # role
    DUET_NOT_INSTALLED = "duet_not_installed"
    DELIVERY_PAUSED = "delivery_paused"  # take; absent: all of them
    DELIVERY_HELD = "delivery_held"  # only, name
    DELIVERY_ROLLING = "delivery_rolling"  # a take is being made on this computer
    DELIVERY_BUSY = "delivery_busy"  # another perfstudio is just delivering
    FOLDER_IN_USE = "folder_in_use"  # folder
    NO_SCREEN = "no_screen"
    UNEXPECTED = "unexpected"  # detail, file
    BUNDLE_MISSING = "bundle_missing"  # folder
    BUNDLE_INVALID = "bundle_invalid"  # file, problem; of a document also form (see model.reading), where, line


class PerfstudioError(Exception):
    """An expected failure: a code and the facts that its sentence needs."""

    def __init__(self, code: ErrorCode, **facts: str | int | float) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:  # errors cross the pipe from the recorder process
        return (_rebuild, (type(self), self.code, self.facts))

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code.value}({details})"


def _rebuild(kind: type[PerfstudioError], code: ErrorCode, facts: dict[str, str | int | float]) -> PerfstudioError:
    return kind(code, **facts)


class DeviceError(PerfstudioError):
    """A camera or microphone cannot be used."""


class CaptureError(PerfstudioError):
    """The recorder cannot start, go on or finish."""


class LibraryError(PerfstudioError):
    """A take or its folder cannot be found, read or written."""


class PackError(PerfstudioError):
    """A pack or prompt cannot be used."""


class MediaError(PerfstudioError):
    """A media file cannot be read."""


class ConsentError(PerfstudioError):
    """A consent cannot be given, read or trusted."""


class CallError(PerfstudioError):
    """Two at two machines do not find each other, or have no line."""


class DeliveryError(PerfstudioError):
    """A transfer cannot go on."""
