"""What keeps two at two machines apart, in sentences."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages
from perfstudio.model.errors import ErrorCode

_E = ErrorCode
DUETS: Messages[dict[ErrorCode, str]] = {
    _E.DUET_CODE_UNKNOWN: "That code is not known there, or its ten minutes are over. Ask your partner for a new one.",
    _E.DUET_TAKEN: "Two are using that code already. Ask your partner for a new one.",
    _E.DUET_OVER: "That meeting is over: your partner has left, or nobody came in time. Begin again with a new code.",
    _E.DUET_STOPPED: "Stopped. The code is not good any more.",
    _E.DUET_NO_MEETING: "[The receiver of {studio}|That receiver] cannot bring two together; it may be older.",
    _E.DUET_NO_SENSE: "What your partner's computer said cannot be read. Two versions of perfstudio may not fit.",
    _E.DUET_NO_LINE: "The two computers could not connect. Try both on one network, or through a relay: the studio's, "
    "or one of your own with --turn.",
    _E.DUET_AGE: "First say that you are 18 or older[: add `{option}`]. Anybody younger cannot play with a partner "
    "here.",
    _E.DUET_PARTNER_AGE: "Your partner has not said that they are 18 or older. The connection was closed.",
    _E.DUET_SILENT: "The computers are connected, but your partner's perfstudio does not answer. The connection was "
    "closed; try again together.",
    _E.DUET_ONE_RECORDS: "One of you is about to record, and the other only tests the connection. Begin both with the "
    "same command: `perfstudio record` or `perfstudio duet`.",
    _E.DUET_ONE_NAMED: "One of you named a scene, and the other wants one drawn. Name the same scene, or none at all.",
    _E.DUET_NO_SCENE: "There is no scene that both of you have and would play.",
    _E.DUET_TEXT_WRONG: "[“{file}”|That file] is not what perfstudio wrote on your partner's computer, or part of it "
    "is missing. Save it again; it is read as soon as it changes.",
    _E.DUET_TEXT_OTHER: "[“{file}”|That file] is the other one of the two: one of you makes the invitation with "
    "--offer, and the other answers it with --answer.",
    _E.DUET_RELAY_UNNAMED: "Without a relay your address cannot be hidden. Name one with --turn.",
    _E.DUET_NO_RELAY: "[{studio} names no relay; without one your address cannot be hidden."
    "|The relay did not take this computer in. Nothing was tried any other way.]",
    _E.DUET_LINE_LOST: "The connection is gone: your partner has left, or the network is down.",
    _E.DUET_LINE_DIED: "The process that holds the connection ended. Nothing else was touched; try again.",
    _E.DUET_BLOCKED: "You blocked this partner, so nothing is played and nothing was recorded. "
    "`perfstudio partners unblock` takes that back.",
    _E.DUET_NO_PARTNER: "The take[ {take}] was not played live with a partner at another computer.",
    _E.DUET_NOT_BLOCKED: "No partner is blocked here under[ “{id}”| that name]. `perfstudio partners show` lists them.",
    _E.DUET_NO_ROLE: "This scene is not for two. Choose one with two roles.",
    _E.DUET_OTHER_SCENE: "Your partner chose another scene, or another version of the pack. Nothing was recorded.",
    _E.DUET_SAME_ROLE: "You both chose the same role[: {role}]. Nothing was recorded; one of you takes the other.",
    _E.DUET_NOT_INSTALLED: "A connection to a partner needs a library that is not installed here: aiortc. "
    "`pip install aiortc` brings it.",
}
