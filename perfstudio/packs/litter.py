"""What systems, shares and editors leave in folders, and so in zips: no part of a pack, and no reason to refuse it.

Names are judged by their parts, in any depth and letter case. Litter is passed over, not trusted: a name that steps out
of its folder stays a reason to refuse the zip, whatever it is called.
"""

from __future__ import annotations

import re

_FOLDERS = frozenset(
    {
        # macOS
        "__macosx",
        ".appledouble",
        ".appledb",
        ".documentrevisions-v100",
        ".fseventsd",
        ".spotlight-v100",
        ".temporaryitems",
        ".trashes",
        "network trash folder",
        "temporary items",
        # Windows
        "$recycle.bin",
        "recycler",
        "system volume information",
        # shares: Synology, QNAP
        "@eadir",
        "@tmp",
        "#recycle",
        ".@__thumb",
        # Linux, version control, editors
        "lost+found",
        ".git",
        ".hg",
        ".svn",
        ".idea",
        ".vscode",
        "__pycache__",
    }
)
_FILES = frozenset(
    {
        ".ds_store",
        ".apdisk",
        ".localized",
        ".metadata_never_index",
        ".volumeicon.icns",
        ".com.apple.timemachine.donotpresent",
        "icon\r",
        "thumbs.db",
        "thumbs.db:encryptable",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "desktop.ini",
        ".directory",
        ".hidden",
        ".nomedia",
        ".dropbox",
        ".dropbox.attr",
        ".gitignore",
        ".gitattributes",
        ".gitkeep",
        ".gitmodules",
        ".editorconfig",
        ".keep",
    }
)
_MARKED = re.compile(
    r"\._.+"  # the other half of a file of macOS
    r"|~\$.+|~.+\.tmp|\.~lock\..+#"  # open in an office program
    r"|.+~|#.+#|\.#.+|\..+\.sw[a-p]|.+\.bak"  # an editor's copy or lock
    r"|\.nfs[0-9a-f]+|\.fuse_hidden[0-9a-f]+|\.smbdelete.+"  # deleted while open on a share
    r"|\.trash-[0-9]+"
    r"|.+@synoeastream|.+@synoresource"
    r"|.*[:\uf03a]?zone\.identifier(?::\$data)?"  # Windows: where a download came from
    r"|.+:afp_afpinfo(?::\$data)?|.+:afp_resource(?::\$data)?"
)
_MARKS = re.compile(
    r"(?<=icon)\r\Z|[:\uf03a](?:zone\.identifier|encryptable|afp_afpinfo|afp_resource)(?::\$data)?\Z", re.IGNORECASE
)


def is_litter(name: str) -> bool:
    """Whether the name of a member (with forward slashes) is litter, or lies in a folder that is."""
    *folders, last = name.casefold().removesuffix("/").split("/")
    if any(folder in _FOLDERS or re.fullmatch(r"\.trash-[0-9]+", folder) for folder in folders):
        return True
    return last in _FILES or last in _FOLDERS or _MARKED.fullmatch(last) is not None


def without_marks(name: str) -> str:
    """A litter's name without the characters that only litter may carry: `Icon\\r`'s return, a stream."""
    return _MARKS.sub("", name)
