"""Devices in words: what they have, what they gave, who is away, what fits."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from perfstudio.model.device import CameraGranted, CameraInfo, CameraMode, CameraRequest, DeviceKind, MicrophoneGranted
from perfstudio.texts import devices as w

CAMERA = CameraGranted(
    id="usb:1", name="Cam", kind=DeviceKind.LOCAL, backend="V4L2", width=1280, height=720, fps=30, pixel_format="MJPG"
)
SOUND = MicrophoneGranted(
    id="pulse:a", name="Mic", kind=DeviceKind.LOCAL, host_api="ALSA", rate_hz=44100, channels=1,
    sample_format="int24", block_frames=480, latency_s=0.01,
)  # fmt: skip


def test_what_was_granted() -> None:
    assert w.camera_gives(CAMERA) == "1280 × 720 at 30, MJPEG"
    assert w.camera_gives(CAMERA.model_copy(update={"pixel_format": "BGR3", "fps": 29.97})) == "1280 × 720 at 30"
    assert w.microphone_gives(SOUND) == "44.1 kHz, mono, 24 bit"


def test_what_was_asked_for_and_not_given() -> None:
    assert w.camera_gives_less(CameraRequest(id="usb:1"), CAMERA) == ""
    asked = CameraRequest(id="usb:1", width=1920, height=1080)
    assert w.camera_gives_less(asked, CAMERA) == "1920 × 1080 was asked for; this is what the camera offers."
    assert w.camera_gives_less(CameraRequest(id="usb:1", width=0, height=0), CAMERA) == ""


def test_a_system_that_changes_the_sound_is_named() -> None:
    assert w.microphone_meddles(SOUND) == ""
    both = SOUND.model_copy(update={"auto_gain": "on", "noise_suppression": "on"})
    assert w.microphone_meddles(both).startswith("The system changes the level and the noise by itself.")


def test_what_a_camera_offers() -> None:
    modes = (CameraMode(640, 480, 30), CameraMode(1920, 1080, 30), CameraMode(1280, 720, 60))
    assert w.camera_offers(CameraInfo("a", "A", DeviceKind.LOCAL, modes)) == "up to 1920 × 1080"
    assert w.camera_offers(CameraInfo("a", "A", DeviceKind.LOCAL)) == ""


def test_a_device_nobody_named_is_read_from_its_id() -> None:
    assert w.spoken("usb:046d:085e:logitech-brio#2") == "Logitech brio"
    assert w.spoken("pulse:alsa_input.usb") == "Alsa input.usb"
    assert w.spoken("practice?seed=1") == "Practice device"
    assert w.spoken("-") == "-"


def test_storage() -> None:
    assert w.used(1, 1_300_000_000) == "1 take, 1.3 GB"
    assert w.used(0, 0) == "No takes yet"
    assert w.room(41_000_000_000, 7800) == "41 GB free: room for about 2 h 10 min at this quality"
    assert "about 40 h" in w.room(41_000_000_000, 40 * 3600)
    assert w.rebuilt(3, 0) == "The list of takes was rebuilt: 3 takes."
    assert w.rebuilt(3, 1).endswith("1 folder could not be read and was left as it was.")
    home = PurePosixPath("/home/ines")
    assert w.folder(home / "takes", home) == "~/takes"
    assert w.folder(PurePosixPath("/mnt/takes"), home) == "/mnt/takes"
    assert w.folder(home, home) == "~"
    profile = PureWindowsPath("C:/Users/ines")
    assert w.folder(profile / "takes", profile) == r"C:\Users\ines\takes", "nobody writes ~ there"


def test_where_the_key_lives() -> None:
    assert len({w.key_place(keyring=k, made=m) for k in (True, False) for m in (True, False)}) == 4


def test_what_a_take_is_recorded_with() -> None:
    assert w.recording_with("Logitech BRIO", "Blue Yeti") == "Recording with Logitech BRIO and Blue Yeti."
    assert w.recording_with("", "Blue Yeti") == "Recording sound only, with Blue Yeti."
