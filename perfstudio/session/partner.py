"""Whom a take is played to when nobody is there: which clip, in which headphones, and how the two stand."""

from __future__ import annotations

from perfstudio.model.errors import DeviceError, ErrorCode, PackError
from perfstudio.model.partner import ClipToPlay, LoopbackConstant, PartnerWish
from perfstudio.model.prompt_2 import PartnerKind, RolePrompt
from perfstudio.session.clips.clip_store import KeptClip
from perfstudio.session.clips.fitting import to_play
from perfstudio.session.partner_view import PartnerView
from perfstudio.session.scene_facts import MediaFile
from perfstudio.session.views import SceneCard

HEARD_KINDS = ("sound", "clip")
"""Media of a pack in which somebody can be heard."""


def partner_clip(card: SceneCard) -> MediaFile | None:
    """The clip of a scene's recorded partner: the last sound or clip that belongs to it, for those of the role that is
    played come behind those of both; None where it brings none."""
    heard = {media.media.id: media for media in card.scene.media if media.media.kind in HEARD_KINDS}
    return next((heard[name] for name in reversed(card.prompt.media) if name in heard), None)


def wants_recorded(card: SceneCard) -> bool:
    """Whether a scene is meant to be played to a recorded partner."""
    return isinstance(card.prompt, RolePrompt) and card.prompt.partner_kind is PartnerKind.RECORDED


def asked_partner(
    card: SceneCard,
    headphones: str,
    called: str = "",
    loopback: LoopbackConstant | None = None,
    *,
    colleague: KeptClip | None = None,
) -> tuple[PartnerView, PartnerWish | None] | None:
    """What is said of a scene's partner at first, and what is asked of the recorder; None for a scene that is not
    played to a recorded one. `headphones` by id, and what they are `called`; empty: none were chosen.
    `loopback` is what clicks showed for them and the microphone. `colleague`: a clip that is here for the scene comes
    before what its pack brings.
    """
    if colleague is None and not wants_recorded(card):
        return None
    about, clip = _heard(card, colleague)
    longest_s = float(card.prompt.max_s)
    if clip is None:
        missing = PackError(ErrorCode.PARTNER_NOT_IN_PACK)
        return PartnerView(about, problem=missing, longest_s=longest_s), None
    if not headphones:
        unchosen = DeviceError(ErrorCode.HEADPHONES_UNCHOSEN)
        return PartnerView(about, problem=unchosen, longest_s=longest_s), None
    return PartnerView(about, longest_s=longest_s), PartnerWish(clip, headphones, loopback, called)


def _heard(card: SceneCard, colleague: KeptClip | None) -> tuple[str, ClipToPlay | None]:
    """Who is heard, in words of the clip's maker or of the pack, and what is played."""
    if colleague is not None:
        clip = colleague.clip
        return clip.called or (clip.role.name if clip.role is not None else clip.scene.title), to_play(colleague)
    found, prompt = partner_clip(card), card.prompt
    if found is None:
        return "", None
    role = prompt.opposite.id if isinstance(prompt, RolePrompt) and prompt.opposite is not None else None
    return found.media.about, ClipToPlay(found.file, media=found.media.id, role=role)
