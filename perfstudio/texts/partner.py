"""What is said of a recorded partner: before a scene, on the stage, and where headphones are chosen."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, _, ngettext
from perfstudio.model.partner import PartnerReady
from perfstudio.model.two_in_a_scene import RecordedPartner
from perfstudio.session.partner_view import PartnerView
from perfstudio.texts import errors, formatting
from perfstudio.texts.template import one_line, say, sentences

HEADPHONES = N_("Headphones")
WHY = N_("You hear a recorded partner in them, and nowhere else: what a loudspeaker plays is recorded too.")
NONE_CHOSEN = N_("None are chosen.")
LOOKING = N_("Looking for headphones and loudspeakers …")
NOTHING_THERE = N_("There is nothing here to play sound with.")
TRY = N_("Put them on and choose them: three notes are played.")
PLAYING = N_("Playing three notes …")
QUESTION = N_("Did you hear three notes in your headphones, and nowhere else?")
HEARD = N_("I heard them")
NOT_HEARD = N_("No")
OTHERS = N_("Then it is not your headphones. Choose another device.")
CHOSEN = N_("You will hear your partner in these.")


def brief_note(about: str) -> str:
    """Before a scene that brings a recorded partner: who is heard, and where."""
    return _(
        "A recorded partner plays with you: {about}. You hear it in your headphones from “go” on; choose them in the "
        "green room.",
        about=about,
    )


def no_recording() -> str:
    """Before a scene whose pack brings no partner."""
    return _(
        "The scene is meant for a recorded partner, but its pack has no recording. You play it to nobody in the room."
    )


def heard(seconds: float, headphones: str) -> str:
    """Whom the take will be played to."""
    return _(
        "You hear your partner in {headphones}, for {length}.",
        headphones=headphones,
        length=formatting.duration(seconds),
    )


def ready_for_take(ready: PartnerReady, take_s: float) -> str:
    """Whom a take of so many seconds (infinite: until it is stopped) will be played to; and that it ends before the
    clip does, where that is so."""
    cut = (
        _("The take lasts {take}, and ends before the clip does.", take=formatting.duration(take_s))
        if (ready.seconds > take_s)
        else ""
    )
    return sentences(heard(ready.seconds, ready.headphones), cut)


def written(partner: RecordedPartner) -> str:
    """What a take says of the partner that was heard."""
    facts = {
        "headphones": one_line(partner.headphones),
        "bound": f"{partner.bound_s * 1000:.0f}",
        "holes": ngettext("{number} gap", "{number} gaps", len(partner.underruns)) if partner.underruns else "",
    }
    return say(
        "A partner was heard in {headphones}; when, is known within {bound} ms[, with {holes} in what was heard].",
        facts,
    )


def heard_within(partner: RecordedPartner) -> str:
    """The same in a word or four, among others."""
    return _("partner heard within {bound} ms", bound=f"{partner.bound_s * 1000:.0f}")


def slate(view: PartnerView | None) -> str:
    """How the partner stands, beside the slate; nothing for a scene that is played alone."""
    if view is None or view.problem is not None:
        return _("no partner is heard") if view is not None else ""
    if view.seconds is None:
        return _("getting the partner ready")
    return _("partner in {headphones}", headphones=view.headphones)


def hint(view: PartnerView | None) -> str:
    """What is wrong with the partner, before anything rolls; or that the clip is longer than the scene."""
    if view is None:
        return ""
    if view.problem is not None:
        return errors.sentence(view.problem)
    if view.outlasts and view.seconds is not None:
        return _(
            "Your partner's clip lasts {clip}, and the scene {scene} at most. The take ends when you cut.",
            clip=formatting.duration(view.seconds),
            scene=formatting.duration(view.longest_s),
        )
    return ""
