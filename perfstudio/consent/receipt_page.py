"""The receipt as one web page: no script, nothing remote, for a screen by day and by night, and for paper.

Headings and lists of names and values are marked as such, for those who listen. Every value finds its own direction of
writing. Everything that came from outside is escaped. The page says in its head what it was made of (`receipt_origin`).
"""

from __future__ import annotations

import re
from datetime import datetime
from html import escape

from perfstudio.consent.receipt import ReceiptSection, WrittenReceipt, written_receipt
from perfstudio.consent.receipt_origin import ReceiptOrigin, origin_of
from perfstudio.model.consent import ConsentRecord

_MADE_OF = re.compile('<meta name="perfstudio-receipt" content="([^"<>]{1,200})">')
_DATE = re.compile(
    r"\b\d{4}-\d\d-\d\d\b"
    r"|\b\d{1,2}\.?(?: de)? [^\W\d_]{3,12}\.?(?: de)? \d{4}\b"
    r"|\b[^\W\d_]{3,12} \d{1,2}, \d{4}\b"
)
"""A day in figures, or with its month in letters as most languages write it: it stays on one line."""
_RTL = frozenset({"ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
"""Languages written from right to left (CLDR, characterOrder)."""


def receipt_html(record: ConsentRecord, *, at: datetime | None = None) -> str:
    """The receipt as one self-contained page. `at`: the moment it speaks of, now by default."""
    return page_of(written_receipt(record, at=at))


def page_of(receipt: WrittenReceipt) -> str:
    """A receipt as a page."""
    title, spoken = escape(receipt.title), escape(receipt.language)
    direction = "rtl" if right_to_left(receipt.language) else "ltr"
    body = "\n".join(_section(section) for section in receipt.sections)
    code = _line(*receipt.code_line)
    return (
        f'<!doctype html>\n<html lang="{spoken}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="perfstudio-receipt" content="{escape(receipt.origin().line())}">\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<header>\n<h1 dir="auto">{title}</h1>\n<dl>\n{code}\n</dl>\n</header>\n{body}\n</main>\n</body>\n</html>\n'
    )


def page_origin(page: str) -> ReceiptOrigin | None:
    """What a page says it was made of; None of what is no receipt. Nothing from outside can look so: it is escaped."""
    found = _MADE_OF.search(page)
    return origin_of(found[1]) if found else None


def right_to_left(language: str) -> bool:
    """Whether a language such as `he` or `ar-EG` is written from right to left."""
    return language.replace("_", "-").split("-")[0].lower() in _RTL


def _section(section: ReceiptSection) -> str:
    parts, named = [], [_line(name, value) for name, value in section.lines if name]
    if named:
        parts.append("<dl>\n" + "\n".join(named) + "\n</dl>")
    spoken = f' lang="{escape(section.language)}"' if section.language else ""
    parts += [f'<p dir="auto"{spoken}>{_broken(value)}</p>' for name, value in section.lines if not name]
    body = "\n".join(parts)
    return f'<section>\n<h2 dir="auto">{escape(section.heading)}</h2>\n{body}\n</section>'


def _line(name: str, value: str) -> str:
    return f'<div><dt dir="auto">{_broken(name)}</dt><dd dir="auto">{_broken(value)}</dd></div>'


def _broken(value: str) -> str:
    return "<br>".join(_DATE.sub(r"<span>\g<0></span>", escape(line)) for line in value.splitlines())


STYLE = """\
:root { color-scheme: light dark; --ground: #fff; --text: #1b1d21; --soft: #5a5e66; --line: #d5d8de; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #101113; --text: #f3f1ec; --soft: #b4b3ae; --line: #34373d; }
}
@media print { :root { color-scheme: light; --ground: #fff; --text: #000; --soft: #444; --line: #bbb; } }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.5rem; }
header { padding-block-end: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0 0 .5rem; break-after: avoid; overflow-wrap: anywhere; }
section { border-block-start: 1px solid var(--line); padding: 1rem 0; }
dl { margin: 0; }
dl > div { display: grid; grid-template-columns: 12rem 1fr; gap: 0 1rem; padding: .2rem 0; break-inside: avoid; }
dt { color: var(--soft); overflow-wrap: anywhere; }
dd { margin: 0; }
p { margin: .75rem 0 0; }
dt span, dd span, p span { white-space: nowrap; }
dd, p { overflow-wrap: anywhere; unicode-bidi: plaintext; }
[dir="rtl"] :is(h1, h2, dt, dd) { text-align: right; }
@media (max-width: 34rem) { dl > div { grid-template-columns: 1fr; } }
@media print { body { font-size: 10pt; } main { padding: 0; max-width: none; } }
"""
