"""What the bar does to several takes: said before where it is not plain, done in one step, told with the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.consent_many import ManyOutcome
from perfstudio.session.takes.deciding import DecidedMany
from perfstudio.session.takes.labels_again import LabelsAgain
from perfstudio.session.takes.many_actions import ManyAction
from perfstudio.session.takes.takes import Takes
from perfstudio.session.undo import Step, Turned, UndoKind
from perfstudio.session.uses_again import UsesDesk, UsesOffer
from perfstudio.session.views import KeyState
from perfstudio.session.worker import Worker
from perfstudio.texts import errors, many_takes
from perfstudio.ui.widgets import Toast
from perfstudio.ui.widgets.question import Choice

Ask = Callable[[str, str, tuple[Choice, ...]], object]
_DECIDING = {ManyAction.KEEP: UndoKind.KEEP, ManyAction.BIN: UndoKind.BIN, ManyAction.RESTORE: UndoKind.RESTORE}


@dataclass(frozen=True, slots=True)
class LeadsTo:
    """Other pages, each by a take, and the system's own files."""

    review: Callable[[str], object]
    consent: Callable[[str], object]
    label: Callable[[str], object]
    deliver: Callable[[str], object]
    make_clip: Callable[[str], object]
    scenes: Callable[[], object]
    show_files: Callable[[tuple[str, ...]], object]


class ManyDeeds:
    """`workers` are that of the library and that which may wait for a keyring. `delete` asks before it deletes;
    `changed` is called when something was done."""

    def __init__(
        self,
        *,
        takes: Takes,
        uses: UsesDesk,
        workers: tuple[Worker, Worker],
        toast: Toast,
        ask: Ask,
        leads: LeadsTo,
        delete: Callable[[Iterable[str]], object],
        changed: Callable[[], object],
    ) -> None:
        self._takes, self._uses, self._toast, self._ask = takes, uses, toast, ask
        self._worker, self._signing = workers
        self._leads, self._delete, self._changed = leads, delete, changed

    def act(self, action: ManyAction, take_ids: tuple[str, ...]) -> None:
        """Do it to each of them."""
        acts: dict[ManyAction, Callable[[], object]] = {
            ManyAction.LABELS_AGAIN: lambda: self._ask_labels(take_ids),
            ManyAction.USES_AGAIN: lambda: self._ask_uses(take_ids),
            ManyAction.SEND: lambda: self._leads.deliver(take_ids[0]),
            ManyAction.DELETE: lambda: self._delete(take_ids),
            ManyAction.SHOW: lambda: self._leads.show_files(take_ids),
        }
        kind = _DECIDING.get(action)
        if kind is None:
            acts[action]()
        else:
            self._decide(kind, lambda: self._takes.decide(kind, take_ids))

    def _decide(self, kind: UndoKind, work: Callable[[], DecidedMany]) -> None:
        def done(decided: DecidedMany) -> None:
            self._changed()
            step = decided.step
            words = many_takes.decided(kind, decided)
            tone = "look" if decided.left else "good"
            self._toast.show_message(words, undo=(lambda: self._undo(step)) if step is not None else None, tone=tone)

        self._worker.run(work, done, self._say)

    def _undo(self, step: Step) -> None:
        def undone(_: Turned | None) -> None:
            self._changed()

        self._worker.run(lambda: self._takes.undo.back(step), undone, self._say)

    def _ask_labels(self, take_ids: tuple[str, ...]) -> None:
        def ask(again: LabelsAgain | None) -> None:
            if again is None:
                self._toast.show_message(_(many_takes.NO_LABELS), tone="look")
                return
            label = lambda: self._decide(UndoKind.LABEL, lambda: self._takes.label_each(again))  # noqa: E731 - the answer
            self._ask(*many_takes.label_question(again), (Choice(_("Leave it")), Choice(_("Label them"), label)))

        self._worker.run(lambda: self._takes.labels_again(take_ids), ask, self._say)

    def _ask_uses(self, take_ids: tuple[str, ...]) -> None:
        self._signing.run(lambda: self._uses.offer(take_ids), self._offer_uses, self._say)

    def _offer_uses(self, offer: UsesOffer) -> None:
        if not offer.same:
            self._toast.show_message(many_takes.no_uses(offer), tone="look")
        elif offer.key is not KeyState.KEYRING:
            self._toast.show_message(_(many_takes.KEY_ASKS), tone="look")
        else:
            sign = lambda: self._signing.run(lambda: self._uses.sign(offer), self._signed, self._say)  # noqa: E731 - the answer
            self._ask(*many_takes.uses_question(offer), (Choice(_("Leave it")), Choice(_("Sign for them"), sign)))

    def _signed(self, done: ManyOutcome) -> None:
        self._toast.show_message(many_takes.signed(done), tone="look" if done.left else "good")
        self._changed()

    def _say(self, problem: PerfstudioError) -> None:
        self._toast.show_message(errors.sentence(problem), tone="danger")
