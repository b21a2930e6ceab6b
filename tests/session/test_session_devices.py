"""Devices as choices: what an id means now, what is usual, what is missing, and what comes back by itself."""

from __future__ import annotations

from perfstudio.capture.practice import offered
from perfstudio.model.device import (
    PRACTICE,
    CameraInfo,
    CameraRequest,
    DeviceKind,
    DeviceSelection,
    MicrophoneInfo,
    MicrophoneRequest,
)
from perfstudio.session import devices as d
from perfstudio.session.settings import Settings

BRIO = CameraInfo("usb:046d:085e:logitech-brio", "Logitech BRIO", DeviceKind.LOCAL)
BUILT_IN = MicrophoneInfo("pulse:built-in", "Built-in", DeviceKind.LOCAL, "PulseAudio", 2, 48000)
YETI = MicrophoneInfo("pulse:yeti", "Blue Yeti", DeviceKind.LOCAL, "PulseAudio", 2, 48000, is_default=True)
ALL = d.with_practice((BRIO,), (BUILT_IN, YETI))
NOTHING = d.with_practice((), ())


def test_the_practice_pair_is_listed_last_and_called_as_the_devices_call_themselves() -> None:
    assert ALL[0][-1] is d.PRACTICE_CAMERA
    assert ALL[1][-1] is d.PRACTICE_MICROPHONE
    assert (d.PRACTICE_CAMERA.id, d.PRACTICE_CAMERA.name) == (offered.CAMERA.id, offered.CAMERA.name)
    told = offered.MICROPHONE
    assert (d.PRACTICE_MICROPHONE.id, d.PRACTICE_MICROPHONE.name) == (told.id, told.name)


def test_the_list_of_this_computer_ends_with_the_practice_pair() -> None:
    cameras, microphones = d.list_devices()
    assert cameras[-1] is d.PRACTICE_CAMERA
    assert microphones[-1] is d.PRACTICE_MICROPHONE


def test_usual_is_the_first_camera_with_the_systems_microphone() -> None:
    pair = d.usual(ALL)
    assert pair is not None
    assert pair.camera == CameraRequest(id=BRIO.id)
    assert pair.microphone == MicrophoneRequest(id=YETI.id)
    assert d.usual(NOTHING) is None


def test_an_id_means_the_device_of_which_a_twin_came_or_went() -> None:
    twins = (CameraInfo(f"{BRIO.id}#1", "one", DeviceKind.LOCAL), CameraInfo(f"{BRIO.id}#2", "two", DeviceKind.LOCAL))
    assert d.matching(f"{BRIO.id}@1-2", (BRIO,)) is BRIO
    assert d.matching(BRIO.id, twins) is None, "nobody can tell which"
    assert d.matching(f"{BRIO.id}#2", twins) is twins[1]
    assert d.matching("practice?lost_s=3", ALL[0]) is d.PRACTICE_CAMERA
    assert d.matching(d.SYSTEM_MICROPHONE, ALL[1]) is YETI
    odd = MicrophoneInfo("pulse:a#1", "odd", DeviceKind.LOCAL, "PulseAudio", 1, 48000)
    assert d.matching("pulse:a", (odd,)) is None, "names of the sound server are whole names"


def test_chosen_devices_are_here_or_away_by_name() -> None:
    pair = DeviceSelection(camera=CameraRequest(id=BRIO.id), microphone=MicrophoneRequest(id="pulse:gone"))
    assert not d.are_here(pair, ALL)
    assert d.are_here(pair.model_copy(update={"microphone": MicrophoneRequest(id=YETI.id)}), ALL)
    network = DeviceSelection(camera=CameraRequest(id="rtsp://cam/live"), microphone=MicrophoneRequest(id=YETI.id))
    assert d.are_here(network, ALL), "no list knows the network"
    now = Settings(camera=pair.camera, microphone=pair.microphone, microphone_name="Blue Yeti")
    assert d.away(now, ALL) == ("pulse:gone", "Blue Yeti")
    assert d.away(now, NOTHING) == (BRIO.id, "")
    assert d.away(now.model_copy(update={"sound_only": True}), NOTHING) == ("pulse:gone", "Blue Yeti")


def test_names_are_kept_with_the_choice() -> None:
    pair = d.usual(ALL)
    assert pair is not None
    changes = d.chosen(pair, ALL)
    assert changes["camera_name"] == "Logitech BRIO"
    assert changes["microphone_name"] == "Blue Yeti"
    assert changes["sound_only"] is False
    assert Settings().model_copy(update=changes).selection() == pair


def test_what_is_missing_and_obvious_is_added_and_nothing_else() -> None:
    assert d.completed(Settings(), ALL)["camera"] == CameraRequest(id=BRIO.id)
    assert d.completed(Settings(), NOTHING) == {}, "practice is never chosen for anybody"
    camera = Settings(camera=CameraRequest(id=BRIO.id))
    assert d.completed(camera, ALL)["microphone"].id == YETI.id
    assert d.completed(camera, NOTHING) == {}
    drawn = Settings(camera=CameraRequest(id=PRACTICE))
    assert d.completed(drawn, NOTHING)["microphone"].id == PRACTICE
    whole = Settings(camera=CameraRequest(id=BRIO.id), microphone=MicrophoneRequest(id="pulse:gone"))
    assert d.completed(whole, ALL) == {}, "a device that is away is not replaced"
    assert d.completed(Settings(sound_only=True), ALL)["microphone"].id == YETI.id


def test_addresses() -> None:
    for good in ("http://10.0.0.7:8080/video", " rtsp://anna:pw@cam.local/live ", "https://[::1]/x"):
        assert d.is_good_address(good)
    for bad in ("", "cam.local/live", "ftp://cam/live", "http://", "rtsp:///live", "http://cam:notaport/"):
        assert not d.is_good_address(bad), bad
