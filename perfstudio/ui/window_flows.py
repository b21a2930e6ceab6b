"""The flows of one window: each is made when it is first asked for, with all that it needs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from perfstudio.session.session import Session
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.consent.draft import Drafts
from perfstudio.ui.flows.scenes_flow import ScenesFlow
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.main_window import MainWindow

if TYPE_CHECKING:
    from perfstudio.ui.flows.deliveries_flow import DeliveriesFlow
    from perfstudio.ui.flows.devices_panel_flow import DevicesPanelFlow
    from perfstudio.ui.flows.given_flow import GivenFlow
    from perfstudio.ui.flows.green_room_flow import GreenRoomFlow
    from perfstudio.ui.flows.help_flow import HelpFlow
    from perfstudio.ui.flows.ledger_flow import LedgerFlow
    from perfstudio.ui.flows.review_flow import ReviewFlow
    from perfstudio.ui.flows.settings_flow import SettingsFlow
    from perfstudio.ui.flows.stage_flow import StageFlow
    from perfstudio.ui.flows.takes_flow import TakesFlow


class WindowFlows(Ways):
    """Whoever derives from it says where they lead. All but Scenes are imported with the first use: see `FLOWS`."""

    main: MainWindow
    _session: Session
    _bridge: Bridge
    _drafts: Drafts

    @cached_property
    def scenes(self) -> ScenesFlow:
        """The flow of the Scenes page."""
        return ScenesFlow(self.main, self._session, lambda card: self.stage.read(card), self.to_area)

    @cached_property
    def stage(self) -> StageFlow:
        """The flow of the brief and the stage."""
        from perfstudio.ui.flows.stage_flow import StageFlow  # noqa: PLC0415 - see FLOWS

        return StageFlow(self.main, self._session, self._bridge, self)

    @cached_property
    def green_room(self) -> GreenRoomFlow:
        """The flow of the set-up check."""
        from perfstudio.ui.flows.green_room_flow import GreenRoomFlow  # noqa: PLC0415 - see FLOWS

        return GreenRoomFlow(self.main, self._session, self)

    @cached_property
    def review(self) -> ReviewFlow:
        """The flow of the Review and Consent pages."""
        from perfstudio.ui.flows.review_flow import ReviewFlow  # noqa: PLC0415 - see FLOWS

        return ReviewFlow(self.main, self._session, self, self._drafts)

    @cached_property
    def takes(self) -> TakesFlow:
        """The flow of the Takes page."""
        from perfstudio.ui.flows.takes_flow import TakesFlow  # noqa: PLC0415 - see FLOWS

        return TakesFlow(self.main, self._session, self)

    @cached_property
    def deliveries(self) -> DeliveriesFlow:
        """What is on its way."""
        from perfstudio.ui.flows.deliveries_flow import DeliveriesFlow  # noqa: PLC0415 - see FLOWS

        return DeliveriesFlow(self.main, self._session, self)

    @cached_property
    def given(self) -> GivenFlow:
        """What was given to whom."""
        from perfstudio.ui.flows.given_flow import GivenFlow  # noqa: PLC0415 - see FLOWS

        return GivenFlow(self.main, self._session, self)

    @cached_property
    def ledger(self) -> LedgerFlow:
        """Time, and what is due."""
        from perfstudio.ui.flows.ledger_flow import LedgerFlow  # noqa: PLC0415 - see FLOWS

        return LedgerFlow(self.main, self._session)

    @cached_property
    def settings(self) -> SettingsFlow:
        """Devices, look, keys, storage."""
        from perfstudio.ui.flows.settings_flow import SettingsFlow  # noqa: PLC0415 - see FLOWS

        made = SettingsFlow(self.main, self._session, self._bridge)
        made.page.help.guide_button.clicked.connect(lambda: self.to_area("help"))
        made.page.storage.copy_button.clicked.connect(lambda: self.given.mine.ask())
        return made

    @cached_property
    def help(self) -> HelpFlow:
        """The guide."""
        from perfstudio.ui.flows.help_flow import HelpFlow  # noqa: PLC0415 - see FLOWS

        return HelpFlow(self.main, self._session, self)

    @cached_property
    def devices_panel(self) -> DevicesPanelFlow:
        """Other devices, beside the stage or the green room."""
        from perfstudio.ui.flows.devices_panel_flow import DevicesPanelFlow  # noqa: PLC0415 - see FLOWS

        return DevicesPanelFlow(self.main, self._session, self._bridge)

    def drop_flows(self) -> None:
        """All of them are made anew when they are asked for."""
        for name, kind in vars(WindowFlows).items():
            if isinstance(kind, cached_property):
                vars(self).pop(name, None)
