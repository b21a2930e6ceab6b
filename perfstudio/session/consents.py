"""The Consent room: what a studio asks for one take, the performer's signed answer, taking it back, the receipt."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.consent import keys, receipt, record
from perfstudio.consent.spoken import require_spoken
from perfstudio.consent.warnings import findings
from perfstudio.durable import disk_error
from perfstudio.library.folder import SPOKEN
from perfstudio.library.library import Library
from perfstudio.library.take_row import is_withdrawn
from perfstudio.model.consent import STANDING, ConsentRecord, Representation, UseId
from perfstudio.model.errors import ConsentError, ErrorCode, LibraryError
from perfstudio.model.jws import SigningKey
from perfstudio.model.others import others_found
from perfstudio.model.pair import is_for_two
from perfstudio.model.prompt import PackHead, Terms
from perfstudio.model.take import Decision, FileRole, TakeManifest, TakeState
from perfstudio.packs.pack_store import PackStore
from perfstudio.session import signed_before
from perfstudio.session.bus import Bus
from perfstudio.session.events import TakeChanged
from perfstudio.session.known_time import KnownTime
from perfstudio.session.settings import SettingsStore
from perfstudio.session.spoken import ReadAloud
from perfstudio.session.statements import NOTHING_STATED, Statements
from perfstudio.session.takes.missing import missing
from perfstudio.session.views import ConsentOffer, KeyState, LastAnswer

Passphrase = Callable[[], str | None]

SIGNABLE = frozenset({TakeState.KEPT, TakeState.ACCEPTED, TakeState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Signable:
    """A take that may be signed for: its pack, the text of it, and the uses that were asked for, split as they are
    agreed to."""

    manifest: TakeManifest
    pack: PackHead
    terms: Terms
    ordinary: frozenset[str]
    separate: frozenset[str]


class ConsentService:
    """Signs and withdraws, one take at a time. Every record is on disk before it is announced."""

    def __init__(
        self,
        library: Library,
        shelf: PackStore,
        settings: SettingsStore,
        bus: Bus,
        home: Path,
        *,
        use_keyring: bool = True,
    ) -> None:
        self.time = KnownTime(home, library)
        self._library = library
        self._shelf = shelf
        self._settings = settings
        self._bus = bus
        self._home = home
        self._use_keyring = use_keyring
        self.withdrawn: Callable[[str], None] = lambda _: None
        """Called when a withdrawal is on disk: stops a transfer in flight and lets the receivers be told."""
        self.given: Callable[[str], None] = lambda _: None
        """Called when lines were given again and that is on disk: the receivers are told, and what may go goes on."""

    def offer(self, take_id: str) -> ConsentOffer:
        """Everything a person should see before deciding about this take. May wait for a keyring: use a worker."""
        manifest = self._library.manifest(take_id)
        pack, terms = self._asked(manifest)
        standing = self._library.consent(take_id)
        granted = standing.granted() if standing else frozenset()
        return ConsentOffer(
            take_id=take_id,
            title=manifest.prompt.prompt.title,
            number=manifest.slate.take_number,
            studio=manifest.prompt.studio,
            terms=terms,
            pay=pack.pay,
            uses=pack.uses,
            standing=granted,
            taken_back=_given(standing) - granted,
            signed=standing.events[0].at if standing and standing.events else None,
            withdrawn=_taken_back(standing),
            name=self._settings.now.signed_name,
            adult=self._settings.now.adult_stated,
            last_take=signed_before.last_answer(self._library, take_id, pack, terms),
            key=self._key_state(),
            practice=manifest.practice,
            languages=pack.terms,
            missing=missing(self._library, self._library.row(take_id)),
            files=(*(f.role for f in manifest.files), *((FileRole.SPOKEN_CONSENT,) if terms.spoken else ())),
            warned={t.language: findings(pack.uses, t, pack.pay, language=pack.language) for t in pack.terms},
            language=pack.language,
            before=signed_before.newest(self._library, take_id, pack),
            others=others_found(manifest.checks),
            for_two=is_for_two(manifest),
        )

    def sign(
        self,
        take_id: str,
        uses: frozenset[UseId],
        name: str,
        *,
        passphrase: Passphrase | None = None,
        key: SigningKey | None = None,
        language: str | None = None,
        representation: Representation = "none",
        adviser: str = "",
        method: str = record.METHOD,
        stated: Statements = NOTHING_STATED,
        aloud: ReadAloud | None = None,
    ) -> ConsentRecord:
        """Sign for exactly these uses, on the terms as shown in `language` (the pack's own by default); `aloud` is what
        was read aloud for it, and is not kept where nothing is allowed. With `key` no passphrase is asked for.

        Everything else is looked at before the key is: nobody chooses a passphrase for what cannot be signed.
        Nothing is signed before the performer stated to be an adult and, where the checks found somebody else, who that
        is; nor by a clock in doubt before they said that it is right. Raises ConsentError, and LibraryError when the
        take is not kept.
        """
        adviser = adviser if representation != "none" else ""
        asked = self.require_signable(take_id, uses, name, language=language, adviser=adviser, stated=stated)
        spoken = aloud.statement() if aloud is not None and uses else None
        require_spoken(asked.terms, spoken, gives=bool(uses))
        signed = record.sign(
            asked.manifest,
            pack=asked.pack,
            terms=asked.terms,
            granted=asked.ordinary,
            separately=asked.separate,
            name=name,
            key=key or self.open_key(passphrase),
            representation=representation,
            adviser=adviser,
            adult=True,
            spoken=spoken,
            others=stated.others,
            partner=stated.partner,
            method=method,
        )
        sound = aloud.sound if aloud is not None and spoken is not None else None
        self._store_signed(take_id, signed, sound)
        self.time.signed(signed.events[-1].at)
        self._settings.change(signed_name=name.strip())
        self._settings.state_adult()
        return signed

    @property
    def signed_name(self) -> str:
        """The name that was signed with last; empty where nothing was."""
        return self._settings.now.signed_name

    def last_answer(self, take_id: str) -> tuple[str, LastAnswer | None]:
        """The name of the studio that asks, and what stands for another take under the same words. Raises PackError,
        LibraryError."""
        manifest = self._library.manifest(take_id)
        pack, terms = self._asked(manifest)
        return manifest.prompt.studio.name, signed_before.last_answer(self._library, take_id, pack, terms)

    def require_signable(
        self,
        take_id: str,
        uses: frozenset[UseId],
        name: str,
        *,
        language: str | None = None,
        adviser: str = "",
        stated: Statements = NOTHING_STATED,
    ) -> Signable:
        """What `sign` would sign; it raises what `sign` raises, but for the key and what is read aloud: to be asked
        before anybody reads.
        """
        manifest = self._library.manifest(take_id)
        state = self._library.state(take_id)
        if manifest.decision is not Decision.KEPT or state not in SIGNABLE:
            raise LibraryError(ErrorCode.TAKE_NOT_READY, take=take_id, state=state.value, needed="kept")
        standing = self._library.consent(take_id)
        if standing is not None and standing.granted():
            raise ConsentError(ErrorCode.CONSENT_STANDS, take=take_id)
        pack, terms = self._asked(manifest, language)
        ordinary, separate = record.split_uses(uses)
        record.check(
            manifest,
            pack=pack,
            terms=terms,
            granted=ordinary,
            separately=separate,
            name=name,
            others=stated.others,
            partner=stated.partner,
            adviser=adviser,
        )
        self._check_stated(manifest, stated)
        return Signable(manifest, pack, terms, ordinary, separate)

    def withdraw(
        self,
        take_id: str,
        uses: frozenset[UseId] | None = None,
        *,
        passphrase: Passphrase | None = None,
        key: SigningKey | None = None,
    ) -> ConsentRecord:
        """Take everything back, or some lines: what no longer may be sent stops at once. Works offline.

        With `key` (see `open_key`) no passphrase is asked for.
        """
        standing = self._require(take_id)
        if uses is not None and not record.known_uses(standing, uses) & standing.granted():
            return standing
        taken_back = record.withdraw(standing, key or self.open_key(passphrase), uses)
        self._store(take_id, taken_back)
        self.withdrawn(take_id)
        return taken_back

    def spoken_left(self, taken_back: ConsentRecord) -> bool | None:
        """Whether what was read aloud for a record in which nothing stands still lies here, looked at now; None where
        nothing was read, or something stands.
        """
        if taken_back.spoken is None or taken_back.granted():
            return None
        return os.path.lexists(self._library.papers_folder(taken_back.take.take_id) / SPOKEN)

    def _check_stated(self, manifest: TakeManifest, stated: Statements) -> None:
        """Raises ConsentError: CONSENT_OTHERS_UNSAID, AGE_NOT_STATED, CLOCK_DOUBTED."""
        if stated.others is None and others_found(manifest.checks):
            raise ConsentError(ErrorCode.CONSENT_OTHERS_UNSAID)
        if not (stated.adult or self._settings.now.adult_stated):
            raise ConsentError(ErrorCode.AGE_NOT_STATED)
        self._check_clock(right=stated.clock_is_right)

    def _check_clock(self, *, right: bool) -> None:
        """Raises ConsentError(CLOCK_DOUBTED)."""
        doubt = self.time.doubt()
        if doubt is not None and not right:
            raise doubt.as_error()
        if doubt is not None:
            self.time.clock_is_right()

    def give(
        self,
        take_id: str,
        uses: frozenset[UseId],
        *,
        passphrase: Passphrase | None = None,
        key: SigningKey | None = None,
        stated: Statements = NOTHING_STATED,
    ) -> ConsentRecord:
        """Give lines of a signed record again, on the text that was signed; their terms begin now.

        A line that stands is left as it is; when all of them do, nothing is signed and no key is asked for. One that
        was never given was never read as one that is: it asks for a signature of its own. Raises ConsentError, and
        LibraryError(TAKE_NOT_READY) for a take in the bin.
        """
        standing = self._require(take_id)
        for use in sorted(record.known_uses(standing, uses) - standing.ever_given()):
            raise ConsentError(ErrorCode.CONSENT_NEVER_GIVEN, use=use.value)
        wanted = record.missing(standing, record.known_uses(standing, uses))
        if not wanted:
            return standing
        if standing.spoken is not None and standing.said_aloud() is None:
            raise ConsentError(ErrorCode.CONSENT_SPOKEN_GONE, take=take_id)
        manifest = self._library.manifest(take_id)
        if standing.others is None and others_found(manifest.checks):
            raise ConsentError(ErrorCode.CONSENT_OTHERS_UNASKED, take=take_id)
        if manifest.decision is not Decision.KEPT:
            state = self._library.state(take_id)
            raise LibraryError(ErrorCode.TAKE_NOT_READY, take=take_id, state=state.value, needed="kept")
        self._check_clock(right=stated.clock_is_right)
        if keys.own_keys(self._home).current != standing.public_key:
            raise ConsentError(ErrorCode.CONSENT_KEY_CHANGED)
        ordinary, separate = record.split_uses(wanted)
        given = record.renew(standing, key or self.open_key(passphrase), ordinary, separately=separate)
        self._store_signed(take_id, given)
        self.time.signed(given.events[-1].at)
        self.given(take_id)
        return given

    def record(self, take_id: str) -> ConsentRecord:
        """The record of a take. Raises ConsentError when there is none."""
        return self._require(take_id)

    def receipt_text(self, take_id: str) -> str:
        """The performer's copy, as plain text."""
        return receipt.receipt_text(self._require(take_id))

    def receipt_sections(self, take_id: str) -> tuple[receipt.ReceiptSection, ...]:
        """The performer's copy, part by part, to be shown in the window."""
        return receipt.sections(self._require(take_id))

    def key_place(self) -> tuple[KeyState, bool]:
        """Where the key is, or where a new one would go, and whether it has been made.

        May ask a keyring, so it may take a moment. Raises ConsentError(KEY_DAMAGED).
        """
        there = KeyState(keys.key_state(self._home).value)
        if there is KeyState.NONE and self._use_keyring and keys.keyring_works():
            return KeyState.KEYRING, False
        return there, there is not KeyState.NONE

    def has_key(self) -> bool:
        """Whether a signing key was made here, wherever it is. Asks no keyring. Raises ConsentError(KEY_DAMAGED)."""
        return keys.key_state(self._home) is not keys.KeyStorage.NONE

    def _key_state(self) -> KeyState:
        """For what can be shown without a key: one that cannot be read hides nothing."""
        try:
            return self.key_place()[0]
        except ConsentError:
            return KeyState.DAMAGED

    def open_key(self, passphrase: Passphrase | None = None) -> SigningKey:
        """The performer's key, made at the first time. Raises ConsentError."""
        try:
            return keys.open_signing_key(self._home, passphrase=passphrase, use_keyring=self._use_keyring)
        except OSError as problem:  # a new key could not be kept
            raise disk_error(problem, self._home, ConsentError) from problem

    def _asked(self, manifest: TakeManifest, language: str | None = None) -> tuple[PackHead, Terms]:
        pack = self._shelf.pack(manifest.slate.pack_id, manifest.slate.pack_version).pack
        terms = next((t for t in pack.terms if t.language == (language or pack.language)), pack.terms[0])
        return pack, terms

    def _store_signed(self, take_id: str, signed: ConsentRecord, sound: bytes | None = None) -> None:
        """Keep what gives something, while the key that signed it is the one in use."""
        try:
            with keys.while_in_use(self._home, signed.public_key):
                self._store(take_id, signed, sound)
        except OSError as problem:
            raise disk_error(problem, self._home, ConsentError) from problem

    def _store(self, take_id: str, signed: ConsentRecord, sound: bytes | None = None) -> None:
        self._library.write_consent(take_id, signed, sound)
        self._bus.publish(TakeChanged(take_id))

    def _require(self, take_id: str) -> ConsentRecord:
        standing = self._library.consent(take_id)
        if standing is None:
            raise ConsentError(ErrorCode.CONSENT_MISSING, take=take_id)
        return standing


def _given(standing: ConsentRecord | None) -> frozenset[UseId]:
    """Every use that was ever given."""
    events = standing.events if standing else ()
    return frozenset(use_id for event in events if event.state in STANDING for use_id in event.use_ids)


def _taken_back(standing: ConsentRecord | None) -> bool:
    return standing is not None and is_withdrawn(standing)
