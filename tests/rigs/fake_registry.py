"""A registry in memory, with the calls of `winreg` that perfstudio makes, and with their manners."""

from __future__ import annotations

from types import TracebackType

HKEY_CURRENT_USER, HKEY_CLASSES_ROOT, HKEY_LOCAL_MACHINE = 1, 2, 3
KEY_SET_VALUE, REG_SZ = 2, 1
_CLASSES = "software\\classes\\"


class FakeKey:
    """An open key."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def __enter__(self) -> FakeKey:
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        """Nothing is held."""


class FakeRegistry:
    """In the place of the module. `locked`: a rule of the house forbids writing."""

    HKEY_CURRENT_USER, HKEY_CLASSES_ROOT = HKEY_CURRENT_USER, HKEY_CLASSES_ROOT
    KEY_SET_VALUE, REG_SZ = KEY_SET_VALUE, REG_SZ

    def __init__(self) -> None:
        self.keys: dict[tuple[int, str], dict[str, str]] = {}
        self.locked = False

    def OpenKey(self, branch: int, path: str) -> FakeKey:  # noqa: N802 - as there
        """HKEY_CLASSES_ROOT is the person's classes laid over those of the machine."""
        path = path.lower()
        places = [(branch, path)]
        if branch == HKEY_CLASSES_ROOT:
            places = [(HKEY_CURRENT_USER, _CLASSES + path), (HKEY_LOCAL_MACHINE, _CLASSES + path)]
        for place in places:
            if place in self.keys:
                return FakeKey(self.keys[place])
        raise FileNotFoundError(2, "The system cannot find the file specified")

    def CreateKeyEx(self, branch: int, path: str, reserved: int, access: int) -> FakeKey:  # noqa: N802 - as there
        """With every key on the way to it."""
        if self.locked:
            raise PermissionError(5, "Access is denied")
        assert (reserved, access) == (0, KEY_SET_VALUE)
        parts = path.lower().split("\\")
        for place in range(1, len(parts) + 1):
            self.keys.setdefault((branch, "\\".join(parts[:place])), {})
        return FakeKey(self.keys[branch, path.lower()])

    @staticmethod
    def SetValueEx(key: FakeKey, name: str, reserved: int, kind: int, value: str) -> None:  # noqa: N802
        """A text."""
        assert (reserved, kind) == (0, REG_SZ)
        key.values[name] = value

    @staticmethod
    def QueryValueEx(key: FakeKey, name: str) -> tuple[str, int]:  # noqa: N802
        """A text and its kind."""
        if name not in key.values:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return key.values[name], REG_SZ

    def DeleteKey(self, branch: int, path: str) -> None:  # noqa: N802
        """Refused while it holds others."""
        path = path.lower()
        if (branch, path) not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        if self.locked or any(b == branch and p.startswith(path + "\\") for b, p in self.keys):
            raise PermissionError(5, "Access is denied")
        del self.keys[branch, path]
