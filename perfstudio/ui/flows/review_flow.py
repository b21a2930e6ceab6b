"""From a cut take to a signed one: review, again, consent, the receipt to keep."""

from __future__ import annotations

from perfstudio.model.errors import PerfstudioError
from perfstudio.model.prompt import Terms
from perfstudio.model.prompt_2 import role_in
from perfstudio.model.take import TakeManifest
from perfstudio.session.delivery.sending_plan import SendingPlan
from perfstudio.session.events import StageChanged, TakeChanged, TakeFinished, TakeMoving, TakeSealed
from perfstudio.session.session import Session
from perfstudio.session.takes.review import TakeReview, read_review, watchable_review
from perfstudio.session.takes.take_beside import laid_beside
from perfstudio.session.undo import Turned
from perfstudio.session.views import SceneCard, StageState, StageView
from perfstudio.texts import errors, sending
from perfstudio.ui.consent.draft import Drafts
from perfstudio.ui.consent.send_choice import SendChoice
from perfstudio.ui.consent.spoken_card import SpokenCard
from perfstudio.ui.flows.clip_making import ClipMaking
from perfstudio.ui.flows.first_devices import FirstDevices
from perfstudio.ui.flows.receipt_saving import ReceiptSaving
from perfstudio.ui.flows.reel_making import ReelMaking
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.consent import ConsentPage
from perfstudio.ui.pages.review import ReviewPage
from perfstudio.ui.system_access import open_settings_page


class ReviewFlow:
    """Owns the pages Review and Consent."""

    def __init__(self, window: MainWindow, session: Session, ways: Ways, drafts: Drafts) -> None:
        self._window = window
        self._session = session
        self._ways = ways
        self._from, self.about = "scenes", ""
        """Where one came from, and which take is looked at."""
        self.clips = ClipMaking(window, session)
        self.reels = ReelMaking(window, session)
        self.page = self._review_page()
        self.consent = ConsentPage(
            consents=session.home.consents,
            worker=session.signing,
            toast=window.toast,
            save_receipt=ReceiptSaving(window, session.signing).ask,
            go_on=ways.to_sending,
            label=self.label,
            sending=SendChoice(plan=session.deliveries.plan, send=self._send),
            spoken=SpokenCard(
                session.reading,
                begin=self._read_aloud,
                open_system=lambda problem: open_settings_page(problem, window.note),
            ),
            drafts=drafts,
            leave=lambda: window.go("review" if self._asked_from == "review" else self._asked_from),
        )
        self._asked_from = "review"
        window.add_page("review", self.page, area="takes")
        window.add_page("consent", self.consent, area="takes")
        session.bus.subscribe(TakeChanged, self._changed)
        session.bus.subscribe(TakeMoving, lambda event: self.page.take_moving(event.take_id))
        session.bus.subscribe(TakeSealed, lambda event: self.page.take_sealed(event.take_id))
        session.bus.subscribe(Turned, lambda _: self._labels_turned())
        session.bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))

    def _review_page(self) -> ReviewPage:
        session, window = self._session, self._window
        return ReviewPage(
            read=lambda take_id: read_review(session.home.takes, session.home.sides, take_id),
            decisions=session.decisions,
            worker=session.worker,
            background=session.background,
            toast=window.toast,
            again=self._again,
            consent=self.ask_consent,
            leave=lambda: window.go(self._from),
            lay=lambda review, other, lock: laid_beside(session.home.takes, review, other, lock),
            clips=self.clips.part,
            reel=self.reels.part,
            to_take=self.review,
            volume=session.settings.now.play_volume,
            keep_volume=lambda percent: session.settings.change(play_volume=percent),
        )

    def review(self, take_id: str) -> None:
        """Show and play a take."""
        self._come(take_id)
        self.page.show_take(take_id)
        self._window.go("review")

    def label(self, take_id: str) -> None:
        """Show a take where its performer says what was meant."""
        self._come(take_id)
        self.page.show_take(take_id, at_label=True)
        self._window.go("review")

    def make_clip(self, take_id: str) -> None:
        """Show a kept take where a clip of it is made for a partner."""
        self.clips.part.ask_at_next(take_id)
        self.review(take_id)

    def watch(self, film: TakeFinished) -> None:
        """Play a take that has just been cut; its checks follow."""
        self._come(film.manifest.take_id)
        self._window.go("review")  # first: what is not seen does not play
        self.page.show_film(watchable_review(film, self._session.home.sides))

    def close(self) -> None:
        """The pages go: a film lets go of its file, and what is not signed yet is kept for the next ones."""
        self.reels.close()
        self.page.playback.close()
        self.consent.keep_draft()

    def _come(self, take_id: str) -> None:
        self.about = take_id
        if self._window.current not in ("stage", "review", "consent"):
            self._from = self._window.current
        elif self._window.current == "stage":
            self._from = "scenes"

    def ask_consent(self, take_id: str) -> None:
        """What may this take be used for?"""
        self._asked_from, self.about = self._window.current, take_id
        self.consent.show_take(take_id)
        self._window.go("consent")

    def _read_aloud(self, terms: Terms, name: str) -> None:
        """Into the chosen microphone; at the first time it is chosen now."""
        selection, reading = self._session.selection(), self._session.reading
        if selection is not None:
            reading.begin(terms, name, selection)
        else:
            FirstDevices(self._window, self._session).choose(lambda chosen: reading.begin(terms, name, chosen))

    def _send(self, take_id: str, plan: SendingPlan) -> None:
        """What was signed goes where it was said to go."""
        deliveries, studio_id = self._session.deliveries, plan.studio_id or ""
        self._session.signing.run(
            lambda: deliveries.queue(take_id, studio_id),
            lambda _: self._window.toast.show_message(sending.queued(plan)),
            self._say,
        )

    def _again(self, review: TakeReview) -> None:
        line, role = review.line, role_in(review.manifest.prompt.prompt)
        scenes, wanted = self._session.home.scenes, f"{line.pack_id}/{line.prompt_id}"
        self._session.worker.run(lambda: scenes.card(wanted, role), self._play_again, self._say)

    def _play_again(self, card: SceneCard) -> None:
        self._ways.to_stage(card, roll=True)

    def _stage_changed(self, view: StageView) -> None:
        if view.state is StageState.FAILED and view.problem is not None and self.page.waiting:
            self.page.cannot_seal(errors.sentence(view.problem))

    def _changed(self, event: TakeChanged) -> None:
        self.page.take_changed(event.take_id)
        self.consent.take_changed(event.take_id)

    def _labels_turned(self) -> None:
        """A decision was undone, or done again: the words of the take shown are those that stand."""
        review = self.page.review
        if review is not None and review.sealed:
            take_id, takes = review.line.take_id, self._session.home.takes
            self._session.worker.run(lambda: takes.manifest(take_id), self._show_labels, self._say)

    def _show_labels(self, take: TakeManifest) -> None:
        if self.page.review is not None and self.page.review.line.take_id == take.take_id:
            self.page.labels.show_take(take)

    def _say(self, problem: PerfstudioError) -> None:
        self._window.note(errors.sentence(problem), "look")
