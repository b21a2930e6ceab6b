"""Whether two folders hold the same, by path, kind, mode and content; what differs is named.

python3 installer/alike.py ONE OTHER
"""

from __future__ import annotations

import sys
from pathlib import Path

from archives import sha256, under


def main(words: list[str]) -> int:
    """Print what differs; 0 when nothing does."""
    if len(words) != 2:
        print(__doc__)
        return 2
    one, other = (facts(Path(word)) for word in words)
    different = sorted(path for path in one | other if one.get(path) != other.get(path))
    for path in different:
        print(f"{path}\n    {one.get(path, 'not there')}\n    {other.get(path, 'not there')}")
    print(f"{len(one)} and {len(other)} paths, {len(different)} different.")
    return 1 if different else 0


def facts(folder: Path) -> dict[str, str]:
    """What there is to tell of everything in a folder."""
    return {path.relative_to(folder).as_posix(): fact(path) for path in under(folder)}


def fact(path: Path) -> str:
    """One file, folder or link."""
    if path.is_symlink():
        return f"a link to {path.readlink()}"
    mode = f"{path.stat().st_mode & 0o777:o}"
    return f"a folder, {mode}" if path.is_dir() else f"{path.stat().st_size} bytes, {mode}, {sha256(path)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
