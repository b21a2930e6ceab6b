"""Verify a take bundle: hashes, manifest, seal, signature, consent chain, receipt, sync.

What a studio runs on arrival.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.durable import is_folder
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.language.conventions import number, signed
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.paths import AppPaths
from perfstudio.session.takes.pair_held import pair_as_held
from perfstudio.session.takes.pair_report import PairReport
from perfstudio.session.takes.receipt_signature import ReceiptStanding, keys_known_at
from perfstudio.session.takes.verify_bundle import BundleReport, verify_bundle
from perfstudio.session.takes.verify_pair import verify_pair
from perfstudio.texts import pair_verified as words
from perfstudio.texts import pairs
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import count, size
from perfstudio.texts.template import one_line

_CONSENTS: Messages[dict[str, str]] = {
    "signed": "The consent stands, and its signatures are valid.",
    "none": "There is no consent with it.",
}
_RECEIPTS: Messages[dict[ReceiptStanding, str]] = {
    ReceiptStanding.UNSIGNED: "Its receipt is not signed: an earlier perfstudio wrote down the answer it got.",
    ReceiptStanding.SIGNED: "Its receipt is signed. The key is not known here, so compare it with the studio's: {key}",
    ReceiptStanding.KNOWN: "Its receipt is signed with the key this computer knows {studio} by: {key}",
}
_WITHDRAWN = N_("The consent was taken back. Do not use this take.")


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `verify`."""
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--pair",
        type=Path,
        metavar="OTHER",
        help=_("another take folder: check whether the two are a pair, and how they line up"),
    )
    parser.add_argument("--consent", action="store_true", help=_("require a standing consent"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Verify a bundle, or two that are a pair, and print what does not hold."""
    folders = (args.folder,) if args.pair is None else (args.pair, args.folder)
    for folder in folders:
        if not is_folder(folder):
            raise DeliveryError(ErrorCode.BUNDLE_MISSING, folder=str(folder))
    reports = [_verified(folder, args, out) for folder in folders]
    if args.pair is None:
        out.document(_document(reports[0]))
        return REASON if reports[0].problems else DONE
    pair = verify_pair(args.pair, args.folder)
    for line in words.holds(pair):
        out.say(line)
    for line in words.does_not_hold(pair):
        out.warn(line)
    doubtful = [report.take_id for report in reports if report.problems]
    held = pair_as_held(pair, (args.pair, args.folder), doubtful=doubtful)
    for line in pairs.for_studio(held) if held is not None else ():
        out.say(line)
    document = _pair_document(pair) | {"document": held.to_json() if held is not None else None}
    out.document({"takes": [_document(report) for report in reports], "pair": document})
    holds = not (pair.problems or pair.sound_agrees is False or any(report.problems for report in reports))
    return DONE if holds else REASON


def _verified(folder: Path, args: argparse.Namespace, out: Output) -> BundleReport:
    known_key = keys_known_at(folder, AppPaths.choose(args.home))
    report = verify_bundle(folder, consent_needed=args.consent, known_key=known_key)
    for problem in report.problems:
        said = sentence(problem)
        out.warn(said if args.pair is None else _("{folder}: {sentence}", folder=folder.name, sentence=said))
    if not report.problems:
        _say_it_holds(report, out)
    return report


def _document(report: BundleReport) -> dict[str, Any]:
    return {
        "take_id": report.take_id,
        "holds": not report.problems,
        "consent": report.consent,
        "receipt": report.receipt.standing.value,
        "receipt_key": report.receipt.key,
        "sync_recomputed": report.sync_recomputed,
        "sync": report.sync.to_json() if report.sync else None,
        "problems": [{"code": p.code.value, **p.facts} for p in report.problems],
    }


def _pair_document(pair: PairReport) -> dict[str, Any]:
    return {
        "is_pair": not pair.problems,
        "problems": [problem.value for problem in pair.problems],
        "alignment": pair.alignment.to_json() if pair.alignment else None,
        "live_alignment": pair.live.to_json() if pair.live else None,
        "unaligned": pair.unaligned.value if pair.unaligned else None,
        "sound_late_s": pair.sound_late_s,
        "sound_agrees": pair.sound_agrees,
    }


def _say_it_holds(report: BundleReport, out: Output) -> None:
    facts = {"id": report.take_id, "files": count(report.files, "file"), "size": size(report.bytes)}
    out.say(_("Take {id} is intact: {files}, {size}.", **facts))
    out.say(_(_CONSENTS.get(report.consent, _WITHDRAWN)))
    if (text := _RECEIPTS.get(report.receipt.standing)) is not None:
        out.say(_(text, key=report.receipt.key, studio=one_line(report.receipt.studio_id)))
    if report.sync is None:
        return
    left, drift = number(report.sync.residual_ms, 2), signed(report.sync.drift_ms, 1)
    if report.sync_recomputed:
        text = N_("Sync, recomputed from the raw observations: {left} ms left, {drift} ms of drift removed.")
    else:
        text = N_("Sync, as the recorder measured it: {left} ms left, {drift} ms of drift removed.")
    out.say(_(text, left=left, drift=drift))
