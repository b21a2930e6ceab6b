"""Two homes and a studio: a take of the one was made against a clip of the other's, and both are signed for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_takes import record_files

from perfstudio.model.consent import UseId
from perfstudio.model.delivery import Studio
from perfstudio.model.ids import new_id
from perfstudio.model.labels import Labels
from perfstudio.model.pack_2 import Pack2
from perfstudio.model.take import EndReason, TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.paths import AppPaths
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.studio_news import NewsDesk, StudioNews
from perfstudio.session.given import Given, GivenService, GivenTake
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from rigs.pair_takes import USES, draft, pack
from rigs.take_bundles import STUDIO, TOKEN

SECRET = "three calm horses"
PAY_WORDS = "You are paid in full, whatever your partner takes back."


@dataclass
class Player:
    """One performer, with their home, their deliveries and their take."""

    home: Home
    service: DeliveryService
    take_id: str
    studio: Studio

    def sends(self) -> None:
        self.service.send(self.take_id, self.studio, patience_s=30.0)

    def takes_back(self, *uses: UseId) -> None:
        self.home.consents.withdraw(self.take_id, frozenset(uses) or None, passphrase=lambda: SECRET)
        assert all(line.problem is None for line in self.service.tell_withdrawals())

    def hears(self) -> StudioNews:
        (news,) = NewsDesk(self.home.library, self.service).ask()
        assert news.problem is None, news
        return news

    def given(self) -> Given:
        return GivenService(self.home.library, self.home.shelf, self.service.outbox.statuses).read()

    def given_take(self) -> GivenTake:
        (take,) = self.given().takes
        return take

    @property
    def manifest(self) -> TakeManifest:
        return self.home.library.manifest(self.take_id)


@contextmanager
def two_homes(place: Path, of: Pack2 | None = None) -> Iterator[tuple[Player, Player, Receiver]]:
    """Both have signed for every line, and sent nothing yet."""
    of = of or pack(if_partner_takes_back=PAY_WORDS)
    rules = replace(admission(STUDIO), bundle=lambda folder: ())
    settings = ReceiverSettings(studio_id=STUDIO, name="Small Lab")
    with ExitStack() as stack:
        running = stack.enter_context(Receiver(place / "in", token=TOKEN, admission=rules, settings=settings))
        first = _player(stack, place / "ana", of, running)
        lead = first.manifest
        assert isinstance(lead, TakeManifest2)
        yield first, _player(stack, place / "bo", of, running, lead), running


def _player(
    stack: ExitStack, folder: Path, of: Pack2, running: Receiver, against: TakeManifest2 | None = None
) -> Player:
    home = stack.enter_context(Home(AppPaths(folder).prepare(), use_keyring=False))
    service = stack.enter_context(closing(DeliveryService(home.library, home.paths)))
    service.follow(home.consents)
    source = folder.parent / f"{folder.name}-pack"
    source.mkdir()
    (source / "pack.json").write_text(json.dumps(of.to_json()), encoding="utf-8")
    home.shelf.import_pack(source)
    begun = home.library.create(draft("b" if against else "a", of, new_id(), against))
    assert begun.manifest is not None
    files = record_files(begun.folder)
    done = begun.manifest.model_copy(update={"ended": EndReason.CUT, "duration_s": 60.0, "files": files})
    take_id = home.library.seal(begun.take_id, done).take_id
    home.takes.keep(take_id)
    home.takes.label(take_id, Labels(meant=("joy",)))
    home.consents.sign(take_id, frozenset(USES), "Ines", passphrase=lambda: SECRET, stated=Statements(adult=True))
    studio = service.connect(f"{running.url}/studio.json")
    service.lend(studio, TOKEN)
    return Player(home, service, take_id, studio)
