"""What a performer may be told before they sign: the names of the rules, and how grave each finding is."""

from __future__ import annotations

from enum import StrEnum


class WarningGrade(StrEnum):
    """How grave it is, what a performer is told before they sign."""

    KNOW = "know"  # know this
    STOP = "stop"  # stop and think


class WarningRule(StrEnum):
    """What it is about. The rules themselves, each with its source, are in `assets/consent/warnings.toml`."""

    REQUIRED_TRAINING = "required_training"  # software is trained, and the work is not to be had without it
    THIRD_PARTY_LICENSING = "third_party_licensing"  # others get it, or a licence of it
    EMOTION_RECOGNITION = "emotion_recognition"  # software reads emotions
    PAY_UNSAID = "pay_unsaid"  # nothing says what is paid, or that nothing is
    PERPETUAL = "perpetual"  # it never ends, or cannot be taken back
    REPLICA_OVER_10_YEARS = "replica_over_10_years"  # such a line cannot be signed here
    ANYONE = "anyone"  # recipients without a name
    EVERYWHERE = "everywhere"  # all territories, or none said
    SUBLICENCE = "sublicence"  # those who receive it may let others use it
    UNSPECIFIC = "unspecific"  # what exactly is done is left open
    AGAINST_SUMMARY = "against_summary"  # the text or a line is not what the studio's own summary says
