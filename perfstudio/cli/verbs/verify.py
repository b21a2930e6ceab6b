"""Verify a take bundle: hashes, manifest, seal, signature, consent chain, sync.

What a studio runs on arrival.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.takes.verify_bundle import BundleReport, verify_bundle
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import count, size

_CONSENTS: Messages[dict[str, str]] = {
    "signed": "The consent stands and its signatures hold.",
    "none": "No consent is with it.",
}
_WITHDRAWN = N_("The consent was taken back. Do not use this take.")


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `verify`."""
    parser.add_argument("folder", type=Path)
    parser.add_argument("--consent", action="store_true", help=_("a standing consent must be there"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Verify a bundle and print what does not hold."""
    report = verify_bundle(args.folder, consent_needed=args.consent)
    for problem in report.problems:
        out.warn(sentence(problem))
    if not report.problems:
        _say_it_holds(report, out)
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


def _say_it_holds(report: BundleReport, out: Output) -> None:
    facts = {"id": report.take_id, "files": count(report.files, "file"), "size": size(report.bytes)}
    out.say(_("Take {id} holds: {files}, {size}.", **facts))
    out.say(_(_CONSENTS.get(report.consent, _WITHDRAWN)))
    if report.sync is None:
        return
    left, drift = f"{report.sync.residual_ms:.2f}", f"{report.sync.drift_ms:+.1f}"
    if report.sync_recomputed:
        text = N_("Sync, recomputed from the raw observations: {left} ms left, {drift} ms of drift removed.")
    else:
        text = N_("Sync, as the recorder measured it: {left} ms left, {drift} ms of drift removed.")
    out.say(_(text, left=left, drift=drift))
