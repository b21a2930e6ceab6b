"""A real rtsp server, GStreamer's own, in the system's Python: H.264 over TCP alone, with a password where asked.

with RtspServer(user="anna", password="secret") as server:
    open_camera(CameraRequest(id=server.url))
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

_PROGRAM = r"""
import sys
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer
Gst.init(None)
user, password, pem = sys.argv[1:4]
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch("( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=30/1 "
                   "! x264enc tune=zerolatency key-int-max=15 ! rtph264pay name=pay0 pt=96 )")
factory.set_shared(True)
factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP)
if user or pem:
    auth = GstRtspServer.RTSPAuth()
    if pem:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(pem))
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if user:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    else:
        auth.set_default_token(token)
    factory.add_role_from_structure(Gst.Structure.new_from_string(
        "viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"))
    server.set_auth(auth)
server.get_mount_points().add_factory("/live", factory)
assert server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
"""


def system_python() -> str:
    """The Python that the system's own packages are for."""
    return shutil.which("python3", path="/usr/bin:/usr/local/bin:/opt/homebrew/bin") or sys.executable


class RtspServer:
    """A server process with one film at /live."""

    def __init__(self, *, user: str = "", password: str = "", pem: Path | None = None) -> None:
        self._scheme, self._who = "rtsp" if pem is None else "rtsps", f"{user}:{password}@" if user else ""
        command = [system_python(), "-c", _PROGRAM, user, password, str(pem or "")]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.strip().isdigit():
            self.stop()
            raise AssertionError(
                "GStreamer's rtsp server does not start; python3 installer/bootstrap.py test brings it"
            )
        self.port = int(line)

    @property
    def url(self) -> str:
        """The camera's address, with its name and password."""
        return self.at("/live")

    def at(self, path: str, who: str | None = None) -> str:
        """Another address of it."""
        return f"{self._scheme}://{self._who if who is None else who}127.0.0.1:{self.port}{path}"

    def stop(self) -> None:
        """It goes away, as a camera that is unplugged."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> RtspServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
