"""Verify a take bundle: hashes, manifest, seal, signature, consent chain, sync.

What a studio runs on arrival.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.language.catalogue import _
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import count, size


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `verify`."""
    parser.add_argument("folder", type=Path)
    parser.add_argument("--consent", action="store_true", help=_("a standing consent must be there"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Verify and say."""
    report = verify_bundle(args.folder, consent_needed=args.consent)
    for problem in report.problems:
        out.warn(sentence(problem))
    if not report.problems:
        out.say(
            _(
                "Take {id} holds: {files}, {size}.",
                id=report.take_id,
                files=count(report.files, "file"),
                size=size(report.bytes),
            )
        )
        out.say(
            {"signed": _("The consent stands and its signatures hold."), "none": _("No consent is with it.")}.get(
                report.consent, _("The consent was withdrawn. Do not use this take.")
            )
        )
        if report.sync is not None:
            how = (
                _("recomputed from the raw observations")
                if report.sync_recomputed
                else _("as the recorder measured it")
            )
            out.say(
                _(
                    "Sync, {how}: {left} ms left, {drift} ms of drift removed.",
                    how=how,
                    left=f"{report.sync.residual_ms:.2f}",
                    drift=f"{report.sync.drift_ms:+.1f}",
                )
            )
    out.document(
        {
            "take_id": report.take_id,
            "holds": not report.problems,
            "consent": report.consent,
            "sync_recomputed": report.sync_recomputed,
            "sync": report.sync.to_json() if report.sync else None,
            "problems": [{"code": p.code.value, **p.facts} for p in report.problems],
        }
    )
    return REASON if report.problems else DONE
