"""By which network takes are sent: what the systems' tools say, what follows from it, and "send anyway"."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from perfstudio.model.delivery import SignIn, Studio
from perfstudio.session.delivery.sending_limits import SendingLimits
from perfstudio.session.delivery.sending_rules import Hold, hold, stays_here
from perfstudio.session.delivery.this_network import Network, network_of
from perfstudio.session.settings import Settings, SettingsStore
from rigs.waiting import until

ROUTES = (
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    "wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
)
NO_WAY_OUT = ROUTES.splitlines()[0] + "\n" + ROUTES.splitlines()[3] + "\n"


class Tools:
    """What the tools of a system print, by their first word."""

    def __init__(self, **printed: str | Exception) -> None:
        self.printed, self.asked = printed, []

    def __call__(self, command: Sequence[str]) -> str:
        self.asked.append(tuple(command))
        said = self.printed.get(command[0], FileNotFoundError(command[0]))
        if isinstance(said, Exception):
            raise said
        return said


@pytest.mark.parametrize(
    ("said", "network"),
    [
        ("GENERAL.CONNECTION:Home\nGENERAL.METERED:no (guessed)\n", Network("Home", metered=False)),
        ("GENERAL.CONNECTION:My phone\nGENERAL.METERED:yes\n", Network("My phone", metered=True)),
        ("GENERAL.CONNECTION:Café\\: upstairs\nGENERAL.METERED:yes (guessed)\n", Network("Café: upstairs", True)),
        ("GENERAL.CONNECTION:--\nGENERAL.METERED:unknown\n", Network()),
        ("GENERAL.CONNECTION:\n", Network()),
        ("", Network()),
        (FileNotFoundError("nmcli"), Network()),
        (subprocess.CalledProcessError(10, "nmcli"), Network()),
        (subprocess.TimeoutExpired("nmcli", 5.0), Network()),
    ],
)
def test_linux_says_it_by_its_network_manager(said: str | Exception, network: Network, tmp_path: Path) -> None:
    routes = tmp_path / "route"
    routes.write_text(ROUTES)
    tools = Tools(nmcli=said)
    assert network_of("linux", tools, routes) == network
    assert tools.asked[0][-1] == "eth0", "the way out that costs least"


@pytest.mark.parametrize("routes", [NO_WAY_OUT, "", "no\ttable\n1\t2\n"])
def test_linux_without_a_way_out_is_on_no_network(routes: str, tmp_path: Path) -> None:
    file = tmp_path / "route"
    file.write_text(routes)
    assert network_of("linux", Tools(nmcli="GENERAL.CONNECTION:Home\n"), file) == Network()
    assert network_of("linux", Tools(), tmp_path / "none") == Network()


@pytest.mark.parametrize(
    ("port", "summary", "name"),
    [
        ("Current Wi-Fi Network: Home\n", "", "Home"),
        ("You are not associated with an AirPort network.\n", "<dictionary> {\n  SSID : Home 2\n}\n", "Home 2"),
        ("You are not associated with an AirPort network.\n", "  SSID : <redacted>\n", ""),
        ("", "", ""),
    ],
)
def test_mac_says_it_or_keeps_it_to_itself(port: str, summary: str, name: str) -> None:
    tools = Tools(route="   route to: default\n  interface: en0\n", networksetup=port, ipconfig=summary)
    assert network_of("darwin", tools) == Network(name)
    assert network_of("darwin", Tools(route="")) == Network()
    assert network_of("darwin", Tools()) == Network()


@pytest.mark.parametrize(
    ("said", "network"),
    [
        ('{"name":"Zuhause 2","cost":1}', Network("Zuhause 2", metered=False)),
        ('{"name":"Phone","cost":2}', Network("Phone", metered=True)),
        ('{"name":"Phone","cost":3}', Network("Phone", metered=True)),
        ('{"name":null,"cost":0}', Network()),
        ("", Network()),
        ("[1]", Network()),
    ],
)
def test_windows_says_name_and_cost(said: str, network: Network) -> None:
    assert network_of("win32", Tools(powershell=said)) == network


def test_another_system_says_nothing() -> None:
    assert network_of("freebsd", Tools()) == Network()


HOME, AWAY = Network("Home", metered=False), Network("Away", metered=True)


@pytest.mark.parametrize(
    ("only", "metered", "network", "why"),
    [
        ("", False, HOME, None),
        ("", False, AWAY, Hold.METERED),
        ("", True, AWAY, None),
        ("", False, Network(), None),
        ("", False, None, Hold.LOOKING),
        ("", True, None, None),
        ("Home", False, HOME, None),
        ("Home", True, AWAY, Hold.OTHER_NETWORK),
        ("Home", True, Network(), Hold.UNNAMED_NETWORK),
        ("Home", True, None, Hold.LOOKING),
        ("Away", False, AWAY, Hold.METERED),
        ("home", True, HOME, Hold.OTHER_NETWORK),
    ],
)
def test_what_holds_takes_back(only: str, metered: bool, network: Network | None, why: Hold | None) -> None:
    assert hold(Settings(sending_network=only, sending_metered=metered), network) is why


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8765/files", True),
        ("http://localhost:8765/files", True),
        ("https://[::1]:8765/files", True),
        ("https://lab.example/files", False),
        ("https://192.168.1.7/files", False),
    ],
)
def test_what_goes_to_this_computer_uses_no_network(address: str, here: bool) -> None:
    lab = Studio(id="lab", name="Lab", legal_name="Lab", contact="a@lab.example", tus=address, sign_in=SignIn.NONE)
    assert stays_here(lab) is here


class Air:
    """Networks that come and go."""

    def __init__(self, store: SettingsStore) -> None:
        self.network = HOME
        self.told = 0
        self.limits = SendingLimits(store, lambda: self.network)
        self.limits.changed = self.tell

    def tell(self) -> None:
        self.told += 1

    def becomes(self, network: Network) -> None:
        self.network = network
        self.limits.look()
        until(lambda: self.limits.now.network == network)


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def air(store: SettingsStore) -> Iterator[Air]:
    made = Air(store)
    yield made
    made.limits.close()


def test_send_anyway_holds_for_this_network_alone(air: Air) -> None:
    air.becomes(AWAY)
    assert air.limits.now.hold is Hold.METERED
    air.limits.send_anyway()
    assert air.limits.now.hold is None
    air.becomes(HOME)
    air.becomes(AWAY)
    assert air.limits.now.hold is Hold.METERED, "asked again"


def test_send_anyway_does_not_outlive_another_choice(air: Air, store: SettingsStore) -> None:
    store.change(sending_network="Studio")
    until(lambda: air.limits.now.hold is Hold.OTHER_NETWORK)
    air.limits.send_anyway()
    assert air.limits.now.hold is None
    store.change(sending_network="Elsewhere")
    assert air.limits.now.hold is Hold.OTHER_NETWORK
    store.change(sending_network="Home")
    assert air.limits.now.hold is None


def test_what_the_window_knows_of_the_cost_counts(air: Air) -> None:
    air.limits.look(metered=True)
    until(lambda: air.limits.now.hold is Hold.METERED)


def test_the_cap_follows_the_settings(air: Air, store: SettingsStore) -> None:
    store.change(sending_cap=500_000)
    assert air.limits.cap.bytes_per_s == 500_000
    assert air.limits.now.cap == 500_000
    assert air.told
    store.change(sending_cap=None)
    assert air.limits.cap.bytes_per_s is None
