"""Documents lie on the disk in the very bytes of Python's own encoder, which receipts have hashed since 0.1.0."""

from __future__ import annotations

import json
import random

from perfstudio.library.written import indented

SOME = 300


def numbers() -> list[float]:
    """Of every size, the borders among them."""
    borders = [0.0, -0.0, 60.0, 0.1, 1e-4, 9.999e-5, 1e-5, -9.9e-6, 5e-324, 1e15, 1e16, -1e22, 1.7976931348623157e308]
    drawn = [random.uniform(-10, 10) * 10.0 ** random.randint(-9, 20) for _ in range(SOME)]
    return [*borders, 2**53, -(2**63), *drawn]


def texts() -> list[str]:
    """Of every kind of character that has a code; some look like numbers."""
    kinds = ((0, 0x7F), (0x80, 0x7FF), (0x2000, 0x20FF), (0x3000, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF))
    drawn = ["".join(chr(random.randint(*random.choice(kinds))) for _ in range(6)) for _ in range(SOME)]
    return ["", '"\\/\b\f\n\r\t', " 3e5", "0.00001", *drawn]


def test_every_value_is_written_as_python_writes_it() -> None:
    """Numbers one by one: a tiny or a huge one has the whole document written by Python itself."""
    rows: list[dict[str, object]] = [{"number": number} for number in numbers()]
    rows += [{text: [text, {text: None}]} for text in texts()]
    rows += [{"numbers": numbers(), "texts": texts(), "": [[], {}, [{}], True, False, None]}]
    for plain in rows:
        assert indented(plain) == json.dumps(plain, indent=2, ensure_ascii=False).encode()
