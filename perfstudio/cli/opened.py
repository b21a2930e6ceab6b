"""What the system asked a start to open, where it stands in the place of a verb: an invitation, or packs."""

from __future__ import annotations

from collections.abc import Sequence

from perfstudio.model.errors import ErrorCode, PackError, PerfstudioError
from perfstudio.model.links import is_invitation
from perfstudio.model.opening import address_of, is_elsewhere, opened_pack


def opened(typed: Sequence[str], words: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """What is to be opened, as a window takes it, and the words that are none of it. `words` are those of `typed` that
    are no option of all verbs.

    Raises PerfstudioError: LINK_NOT_ALONE where anything stands behind an invitation (it came with it, from whoever
    wrote it: on Windows a quotation mark in a link ends a word; none of it is looked at, or said again), PACK_ADDRESS
    (file), and PACK_NOT_ALONE (word) where something beside a pack is none.
    """
    said = [word for word in words if not word.startswith("-")]
    options = [word for word in words if word.startswith("-")]
    if not said:
        return (), list(words)
    if is_invitation(said[0]):
        if list(typed).index(said[0]) != len(typed) - 1:
            raise PerfstudioError(ErrorCode.LINK_NOT_ALONE)
        return (said[0],), options
    if opened_pack(said[0]) is None and not is_elsewhere(said[0]):
        return (), list(words)
    packs = []
    for word in said:
        pack = opened_pack(word)
        if is_elsewhere(word):  # a token may stand in a link, so only the name is said
            raise PackError(ErrorCode.PACK_ADDRESS, file=word.partition("?")[0].partition("#")[0].rpartition("/")[2])
        if pack is None:
            raise PerfstudioError(ErrorCode.PACK_NOT_ALONE, word=word)
        packs.append(address_of(pack))
    return tuple(packs), options
