"""The two papers of a take as a studio was told of them.

A studio may have accepted a take while its answer was lost, and the papers may have changed since (a label, a line that
was given or taken back). It does not take another version then, and what it signs for are the papers that it has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from perfstudio.delivery.bundle import Bundle, Evidence
from perfstudio.delivery.outbox import Outbox
from perfstudio.model.base import sha256_hex
from perfstudio.model.take import FileEntry


def keep_announced(outbox: Outbox, bundle: Bundle, evidence: Evidence, check: Callable[[], None]) -> None:
    """Keep the papers of a bundle that a studio has just been told of. Nothing has left yet that it could accept."""
    texts = {}
    for file in bundle.papers():
        with evidence.open(bundle, file, check) as handle:
            handle.seek(0)
            texts[file.name] = handle.read().decode()
    kept = json.dumps(texts)
    if kept != outbox.papers(bundle.take_id, bundle.studio_id):
        outbox.note(bundle.take_id, bundle.studio_id, papers=kept)


def announced_before(outbox: Outbox, bundle: Bundle) -> tuple[Bundle, Mapping[str, bytes]] | None:
    """The same take with the papers that were announced, and these by name; None where they are the same or unknown."""
    kept = outbox.papers(bundle.take_id, bundle.studio_id)
    papers = {name: text.encode() for name, text in json.loads(kept).items()} if kept else {}

    def then(file: FileEntry) -> FileEntry:
        data = papers.get(file.name)
        return file if data is None else file.model_copy(update={"size": len(data), "sha256": sha256_hex(data)})

    before = replace(bundle, files=tuple(then(file) for file in bundle.files))
    return None if before == bundle else (before, papers)
