"""The recorded partner of a take without a window: a clip of a colleague, a file, a take of this home, or what the
scene's pack brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.durable import is_file
from perfstudio.model.errors import DeviceError, ErrorCode, MediaError, PerfstudioError
from perfstudio.model.partner import ClipToPlay, LoopbackConstant, PartnerWish
from perfstudio.model.prompt_2 import RolePrompt, role_in
from perfstudio.model.take import FileRole, TakeManifest, TakeState
from perfstudio.session.clips.clip_store import KeptClip
from perfstudio.session.clips.fitting import PlayedScene, to_play
from perfstudio.session.headless.scene_choice import ChosenScene
from perfstudio.session.home import Home
from perfstudio.session.pack_media import first_unfit
from perfstudio.session.partner import asked_partner
from perfstudio.session.played_files import PlayedFiles

_PLAYED = frozenset({TakeState.UNDECIDED, TakeState.KEPT, TakeState.ACCEPTED, TakeState.DELIVERED})


@dataclass(frozen=True, slots=True)
class PartnerAsked:
    """What was said of the partner: a file, a take, or a clip that was taken in; and headphones by id. None where
    nothing was."""

    clip: str | KeptClip | None = None
    headphones: str | None = None
    microphone: str = ""
    """The microphone that hears the take, by id: what clicks showed for the pair holds."""
    file: str = ""
    """What a clip that was taken in was called where it came from; empty: by its scene."""


def partner_for(
    home: Home, scene: ChosenScene, named: PartnerAsked, told: Callable[[PerfstudioError], object]
) -> PartnerWish | None:
    """Whom this scene is played to; None: nobody is heard.

    `told` hears why a scene's own partner is not heard, and of a clip that is of another version of the scene.
    Raises DeviceError without headphones for a clip that was named, MediaError for a file that is none, LibraryError
    for a take that is not here.
    """
    headphones = named.headphones or home.settings.now.headphones
    loopback = home.loopbacks.of(headphones, named.microphone)
    if named.clip is None:
        return _of_the_pack(home, scene, headphones, loopback, told)
    if not headphones:
        raise _unchosen()
    if isinstance(named.clip, KeptClip):
        return PartnerWish(_of_a_colleague(home, scene, named.clip, named.file), headphones, loopback)
    path = Path(named.clip)
    if is_file(path):
        clip = _of_a_file(path)
        PlayedFiles(home.paths.played_files).note(clip.file)
    else:
        clip = _of_a_take(home, scene, named.clip, told)
    return PartnerWish(clip, headphones, loopback)


def _of_the_pack(
    home: Home,
    scene: ChosenScene,
    headphones: str,
    loopback: LoopbackConstant | None,
    told: Callable[[PerfstudioError], object],
) -> PartnerWish | None:
    card = home.scenes.card(f"{scene.source.pack.id}/{scene.prompt.id}", role_in(scene.prompt))
    asked = asked_partner(card, headphones, loopback=loopback, colleague=home.clips.for_scene(as_played(scene)))
    if asked is None:
        return None
    view, wish = asked
    if view.problem is not None:
        told(_unchosen() if view.problem.code is ErrorCode.HEADPHONES_UNCHOSEN else view.problem)
    return wish


def _unchosen() -> DeviceError:
    """As whoever types a command reads it."""
    return DeviceError(ErrorCode.HEADPHONES_UNCHOSEN, option="--headphones")


def as_played(scene: ChosenScene) -> PlayedScene:
    """The scene, as clips are fitted to it."""
    return PlayedScene(scene.source.pack.id, scene.prompt, scene.source.pack.version)


def _of_a_colleague(home: Home, scene: ChosenScene, kept: KeptClip, file: str) -> ClipToPlay:
    """Raises MediaError where it is of another scene, of other words, of one's own role, or not to be played."""
    home.clips.require(kept.clip, as_played(scene), file or kept.file)
    return to_play(kept)


def _of_a_file(path: Path) -> ClipToPlay:
    """A file of somebody else is opened by a process with limits first, as media of packs are."""
    ending = path.suffix.lower()
    if ending not in (".wav", ".flac", ".mp4"):
        raise MediaError(ErrorCode.PARTNER_KIND, file=path.name)
    if first_unfit([path]) is not None:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name)
    return ClipToPlay(path.absolute())


def _of_a_take(home: Home, scene: ChosenScene, words: str, told: Callable[[PerfstudioError], object]) -> ClipToPlay:
    """From "go" to the end that was chosen. Raises MediaError(PARTNER_STATE) for a take that is not to be heard."""
    take_id = home.library.find(words)
    manifest, state = home.library.manifest(take_id), home.library.state(take_id)
    if state not in _PLAYED:
        raise MediaError(ErrorCode.PARTNER_STATE, take=take_id, state=state.value)
    entry = manifest.file(FileRole.SOUND)
    if entry is None:
        raise MediaError(ErrorCode.PARTNER_NO_SOUND, file=take_id)
    if _is_another(manifest, scene):
        slate, pack = manifest.slate, scene.source.pack
        told(
            MediaError(
                ErrorCode.PARTNER_OTHER_SCENE, take=take_id, prompt=f"{slate.pack_id}/{slate.prompt_id}",
                version=slate.pack_version, known=f"{pack.id}/{scene.prompt.id} {pack.version}",
            )
        )  # fmt: skip
    prompt = manifest.prompt.prompt
    role = role_in(prompt) if isinstance(prompt, RolePrompt) else None
    trim = manifest.trim
    return ClipToPlay(
        home.library.folder(take_id) / entry.name, trim.in_s or 0.0, trim.out_s, take_id=take_id,
        seal_sha256=manifest.seal_sha256, role=role,
    )  # fmt: skip


def _is_another(manifest: TakeManifest, scene: ChosenScene) -> bool:
    slate, pack = manifest.slate, scene.source.pack
    return (slate.pack_id, slate.prompt_id, slate.pack_version) != (pack.id, scene.prompt.id, pack.version)
