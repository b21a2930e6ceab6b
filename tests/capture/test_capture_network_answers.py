"""Whatever answers at an address: cameras as browsers accept them give pictures, all else is told by its name."""

from __future__ import annotations

import gzip
import hashlib
import re
import socket
import time
from pathlib import Path

import pytest

from perfstudio.capture.devices import network_camera
from perfstudio.capture.devices.addresses import parted
from perfstudio.capture.open_device import open_camera
from perfstudio.model.device import ANY_CERTIFICATE, CameraRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.texts.errors import sentence
from rigs.odd_camera import HEAD, Answer, OddCamera, certificate, jpegs, part, shows_pictures, stream
from rigs.shortened import every, shortened
from rigs.waiting import be_slow

CODE = ErrorCode
SMALL = jpegs((160, 120))


def plainly(_: int, jpeg: bytes) -> bytes:
    return part(jpeg)


def told(address: str, **asked: str) -> DeviceError:
    """Why it does not open."""
    with pytest.raises(DeviceError) as found:
        open_camera(CameraRequest(id=address, **asked))
    return found.value


def once(answer: bytes) -> Answer:
    return lambda line, _: line.sendall(answer)


def head(kind: str, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Connection: close\r\n\r\n".encode()


def chunked(_: int, jpeg: bytes) -> bytes:
    data = part(jpeg)
    cut = len(data) // 3
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(one), one) for one in (data[:cut], data[cut:]))


ANSWERS = {
    "as most do": HEAD,
    "quoted boundary": HEAD.replace(b"boundary=frame", b'boundary="frame"'),
    "boundary with dashes": HEAD.replace(b"=frame", b"=--frame"),
    "no boundary": HEAD.replace(b"; boundary=frame", b""),
    "another boundary": HEAD.replace(b"=frame", b"=another"),
    "no kind": b"HTTP/1.0 200 OK\r\n\r\n",
    "another kind": HEAD.replace(b"multipart/x-mixed-replace; boundary=frame", b"text/html"),
    "a length that cannot be": HEAD.replace(b"\r\n\r\n", b"\r\nContent-Length: 0\r\n\r\n"),
    "line feeds alone": HEAD.replace(b"\r\n", b"\n"),
    "no head at all": b"",
    "an old radio's head": HEAD.replace(b"HTTP/1.0", b"ICY"),
}


@pytest.mark.parametrize("name", shortened(ANSWERS, every(2)))
def test_a_stream_is_taken_whatever_its_head_says(name: str) -> None:
    with OddCamera(stream(plainly, ANSWERS[name])) as camera:
        shows_pictures(camera)


def test_pictures_with_nothing_between_them() -> None:
    kind = HEAD.replace(b"multipart/x-mixed-replace; boundary=frame", b"video/x-motion-jpeg")
    with OddCamera(stream(lambda _, jpeg: jpeg, kind)) as camera:
        shows_pictures(camera)


def test_a_stream_in_chunks() -> None:
    with OddCamera(stream(chunked, HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"))) as camera:
        shows_pictures(camera)


def test_a_stream_that_is_packed() -> None:
    packed = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")

    def answer(line: socket.socket, _: str) -> None:
        line.sendall(packed)
        with gzip.GzipFile(fileobj=line.makefile("wb"), mode="wb") as out:
            for number in range(100_000):
                out.write(part(jpegs()[number % 8]))
                out.flush()
                out.fileobj.flush()  # type: ignore[union-attr]
                be_slow(1 / 60)

    with OddCamera(answer) as camera:
        shows_pictures(camera)


def test_a_camera_at_an_ipv6_address() -> None:
    try:
        camera = OddCamera(stream(plainly), host="::1")
    except OSError:
        assert parted("http://[::1]:80/x") is not None  # a computer without IPv6 has no such cameras
        return
    with camera:
        shows_pictures(camera)
        assert f"Host: {camera.netloc}" in camera.requests[0]


def test_a_camera_that_thinks_before_it_answers() -> None:
    def answer(line: socket.socket, request: str) -> None:
        be_slow(2.5)
        stream(plainly)(line, request)

    with OddCamera(answer) as camera:
        shows_pictures(camera)


# name and password, and addresses that point on


def asks_for_basic(line: socket.socket, request: str) -> None:
    if "Authorization: Basic dXMgZXI6cEBz8J+Yig==" in request:
        stream(plainly)(line, request)
    line.sendall(head("text/html", "401 Unauthorized", 'WWW-Authenticate: Basic realm="cam"\r\n'))


def asks_for_digest(algorithm: str, qop: str) -> Answer:
    """A server's side of RFC 7616; its first number is stale."""

    def hashed(text: str) -> str:
        return hashlib.new(algorithm.lower().replace("-", ""), text.encode()).hexdigest()

    def answer(line: socket.socket, request: str) -> None:
        fields = dict(re.findall(r'(\w+)="?([^",\r]*)"?', request.partition("Authorization: Digest ")[2]))
        who, what = hashed("us er:the cam:p@s😊"), hashed(f"GET:{fields.get('uri')}")
        said = f"n2:{fields.get('nc')}:{fields.get('cnonce')}:auth" if qop else "n2"
        if fields.get("response") == hashed(f"{who}:{said}:{what}") and fields["uri"] in request.splitlines()[0]:
            stream(plainly)(line, request)
        number = "n2" if fields else "n1"
        asked = f'Basic realm="x", Digest realm="the cam", nonce="{number}", algorithm={algorithm}{qop}'
        line.sendall(head("text/html", "401 Unauthorized", f"WWW-Authenticate: {asked}\r\n"))

    return answer


LOGINS: dict[str, Answer] = {
    "basic": asks_for_basic,
    "digest of old": asks_for_digest("MD5", ""),
    "digest": asks_for_digest("MD5", ', qop="auth,auth-int"'),
    "digest with a newer hash": asks_for_digest("SHA-256", ', qop="auth"'),
}


@pytest.mark.parametrize("way", LOGINS)
def test_name_and_password_in_the_address_are_given_when_they_are_asked_for(way: str) -> None:
    with OddCamera(LOGINS[way]) as camera:
        shows_pictures(camera, f"http://us%20er:p%40s%F0%9F%98%8A@{camera.netloc}/video?a=b")
        assert "Authorization" not in camera.requests[0]
        shows_pictures(camera, f"http://us er:p@s😊@{camera.netloc}/video?a=b")
        assert told(camera.url).code is CODE.CAMERA_LOGIN_NEEDED
        wrong = told(f"http://us%20er:wrong@{camera.netloc}/video")
    assert wrong.code is CODE.CAMERA_LOGIN_WRONG
    assert "wrong" not in str(wrong.facts)


def test_an_address_that_points_on_is_followed_and_the_password_stays_with_its_camera() -> None:
    def elsewhere(line: socket.socket, request: str) -> None:
        assert "Authorization" not in request
        stream(plainly)(line, request)

    with OddCamera(elsewhere) as there:

        def answer(line: socket.socket, request: str) -> None:
            where = "/real" if "GET /video" in request else f"http://localhost:{there.port}/x"
            line.sendall(head("text/html", "302 Found", f"Location: {where}\r\n"))

        with OddCamera(answer) as camera:
            shows_pictures(camera, f"http://anna:secret@{camera.netloc}/video")
            assert [r.split()[1] for r in camera.requests] == ["/video", "/real"]


# what is no camera


STATUSES = {
    "404 Not Found": CODE.CAMERA_NO_SUCH_PATH,
    "403 Forbidden": CODE.CAMERA_FORBIDDEN,
    "500 Oh": CODE.CAMERA_TROUBLED,
    "503 Busy": CODE.CAMERA_TROUBLED,
    "418 Teapot": CODE.CAMERA_OTHER_ANSWER,
    "204 No Content": CODE.CAMERA_OTHER_ANSWER,
    "304 Not Modified": CODE.CAMERA_OTHER_ANSWER,
}
BODIES = {
    "a web page": (head("text/html") + b"<html>log in</html>", "gives_page"),
    "a page of no kind": (b"HTTP/1.0 200 OK\r\n\r\n<!doctype html>", "gives_page"),
    "one picture": (head("image/jpeg", more=f"Content-Length: {len(SMALL[0])}\r\n") + SMALL[0], "gives_one_picture"),
    "one picture in a part": (HEAD + part(SMALL[0]), "gives_one_picture"),
    "another kind of picture": (head("image/png") + b"\x89PNG", "gives_other_picture"),
    "data": (head("application/json") + b"{}", "gives_data"),
    "words": (head("text/plain") + b"hello", "gives_text"),
    "sound": (head("audio/mpeg") + b"\xff\xfb" * 99, "gives_sound"),
    "parts of sound": (HEAD + part(b"a" * 99, "Content-Type: audio/basic\r\n") * 9, "gives_sound"),
    "nothing": (head("multipart/x-mixed-replace"), "gives_nothing"),
    "another tongue": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "not_http"),
    "not a word": (b"", "breaks_off"),
    "round and round": (head("text/html", "302 Found", "Location: /again\r\n"), "points_on"),
    "elsewhere": (head("text/html", "302 Found", "Location: ftp://x/y\r\n"), "points_elsewhere"),
    "a film of nothing": (head("video/mp4") + b"nothing" * 99, "no_pictures"),
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_refusal_is_told_by_its_cause(status: str) -> None:
    with OddCamera(once(head("text/html", status))) as camera:
        problem = told(camera.url)
    assert problem.code is STATUSES[status]
    assert camera.url in sentence(problem)


@pytest.mark.parametrize("name", BODIES)
def test_what_answers_in_a_cameras_place_is_told(name: str) -> None:
    answer, detail = BODIES[name]
    with OddCamera(once(answer)) as camera:
        problem = told(camera.url)
    assert (problem.code, problem.facts["detail"]) == (CODE.CAMERA_OTHER_ANSWER, detail)
    assert "did not answer" not in sentence(problem)


def test_a_name_that_nobody_has() -> None:
    problem = told("http://no-such-camera.invalid/video")
    assert problem.code is CODE.CAMERA_NAME_UNKNOWN
    assert "no-such-camera.invalid" in sentence(problem)


def test_it_is_said_to_have_been_silent_only_when_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_camera, "OPEN_LIMIT_S", 1.0)
    with OddCamera(lambda line, _: line.recv(1)) as camera:
        begun = time.monotonic()
        problem = told(camera.url)
    assert time.monotonic() - begun >= 1.0
    assert (problem.code, problem.facts["seconds"]) == (CODE.CAMERA_NO_ANSWER, 1)


# encryption


def test_a_certificate_is_checked_unless_the_person_says_otherwise(tmp_path: Path) -> None:
    context, file = certificate(tmp_path)
    _, other = certificate(tmp_path, "other.local")
    with OddCamera(stream(plainly), tls=context) as camera:
        problem = told(camera.url)
        assert (problem.code, problem.facts["detail"]) == (CODE.CAMERA_UNTRUSTED, "own_making")
        assert told(camera.url, trust=str(other)).code is CODE.CAMERA_UNTRUSTED
        shows_pictures(camera, trust=ANY_CERTIFICATE)
        shows_pictures(camera, trust=str(file))
        shows_pictures(camera, trust=str(file.with_suffix(".cer")))


def test_a_camera_is_known_by_its_certificate_whatever_name_stands_in_it(tmp_path: Path) -> None:
    context, file = certificate(tmp_path, "camera-4711")
    with OddCamera(stream(plainly), tls=context) as camera:
        shows_pictures(camera, trust=str(file))


def test_a_certificate_that_has_run_out_is_told_so(tmp_path: Path) -> None:
    context, file = certificate(tmp_path, days=-1)
    with OddCamera(stream(plainly), tls=context) as camera:
        assert told(camera.url, trust=str(file)).facts["detail"] == "out_of_date"
    nothing = tmp_path / "nothing.pem"
    assert told(camera.url, trust=str(nothing)).code is CODE.CAMERA_TRUST_FILE
    nothing.write_text("no certificate")
    assert told(camera.url, trust=str(nothing)).facts == {"file": "nothing.pem"}


def test_http_and_https_taken_for_one_another_are_told(tmp_path: Path) -> None:
    with OddCamera(stream(plainly), tls=certificate(tmp_path)[0]) as camera:
        assert told(f"http://{camera.netloc}/video").code is CODE.CAMERA_ENCRYPTED
    with OddCamera(stream(plainly)) as camera:
        assert told(f"https://{camera.netloc}/video").code is CODE.CAMERA_NOT_ENCRYPTED
