"""The other side of a take that was played to a clip: its files as far as they are here and may be seen."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.library.library import Library
from perfstudio.model.clip import ClipUse
from perfstudio.model.errors import ErrorCode, LibraryError, PackError
from perfstudio.model.heard_times import HeardTimes
from perfstudio.model.prompt_2 import RolePrompt
from perfstudio.model.take import FileRole, TakeManifest, TakeState
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import RecordedPartner
from perfstudio.packs.pack_store import PackStore
from perfstudio.session.clips.fitting import ClipDesk
from perfstudio.session.takes.side_view import OtherSide, SideAway


class OtherSides:
    """Finds the files again by what a take says of the clip: among the clips of colleagues, in the take that it was
    made of, or in its pack."""

    def __init__(
        self, library: Library, shelf: PackStore, clips: ClipDesk, was_taken_back: Callable[[str], bool]
    ) -> None:
        """`was_taken_back` tells of a clip's sound, by hash, that a partner's program had it deleted here."""
        self._library, self._shelf, self._clips, self._was_taken_back = library, shelf, clips, was_taken_back

    def of(self, manifest: TakeManifest) -> OtherSide | None:
        """The other side of a take; None where no clip was heard. Raises nothing for what is not here."""
        heard = manifest.partner if isinstance(manifest, TakeManifest2) else None
        if heard is None:
            return None
        found = self._of_a_colleague(heard)
        if found is None:
            found = self._of_a_take(heard) if heard.take_id is not None else self._of_the_pack(heard, manifest)
        called = _called(manifest)
        if isinstance(found, SideAway):
            return OtherSide(heard, called, None, found)
        return OtherSide(heard, called, found)

    def _of_a_colleague(self, heard: RecordedPartner) -> BesideFilm | SideAway | None:
        """A clip that a colleague gave: seen where they let it be; None where no such clip came."""
        kept = self._clips.store.of_sound(heard.sha256)
        if kept is None:
            return SideAway.TAKEN_BACK if self._was_taken_back(heard.sha256) else None
        gone = self._clips.why_gone(kept.clip, kept.file)
        if gone is not None:
            return SideAway.TAKEN_BACK if gone.code is ErrorCode.CLIP_TAKEN_BACK else SideAway.GONE
        picture = kept.clip.picture if ClipUse.SEE in kept.clip.agreed.may else None
        return BesideFilm(
            kept.sound, kept.picture if picture is not None else None, HeardTimes.of(heard), heard.first_heard_sample,
            heard.gain_db, picture.first_s if picture is not None else 0.0,
        )  # fmt: skip

    def _of_a_take(self, heard: RecordedPartner) -> BesideFilm | SideAway:
        """A take of this home: its performer is the one who looks, so its picture is shown too."""
        try:
            take_id = heard.take_id or ""
            manifest, state = self._library.manifest(take_id), self._library.state(take_id)
            folder = self._library.folder(take_id)
        except LibraryError:
            return SideAway.GONE
        if state is TakeState.BINNED:
            return SideAway.BINNED
        sound, picture = manifest.file(FileRole.SOUND), manifest.file(FileRole.PICTURE)
        if sound is None or sound.sha256 != heard.sha256 or not (folder / sound.name).is_file():
            return SideAway.GONE
        seen = folder / picture.name if picture is not None and (folder / picture.name).is_file() else None
        return BesideFilm(
            folder / sound.name, seen, HeardTimes.of(heard), heard.first_heard_sample, gain_db=heard.gain_db
        )

    def _of_the_pack(self, heard: RecordedPartner, manifest: TakeManifest) -> BesideFilm | SideAway:
        """What a pack brings is for everybody who has it, picture and sound."""
        slate = manifest.slate
        try:
            pack = self._shelf.pack(slate.pack_id, slate.pack_version)
            file = pack.file(heard.media) if heard.media is not None else None
        except (PackError, OSError):
            return SideAway.GONE
        named = {media.id: media for media in pack.pack.media}.get(heard.media or "")
        if file is None or named is None or named.sha256 != heard.sha256 or not file.is_file():
            return SideAway.GONE
        seen = file if named.kind == "clip" else None
        return BesideFilm(file, seen, HeardTimes.of(heard), heard.first_heard_sample, gain_db=heard.gain_db)


def _called(manifest: TakeManifest) -> str:
    prompt = manifest.prompt.prompt
    return prompt.opposite.name if isinstance(prompt, RolePrompt) and prompt.opposite is not None else ""
