"""TLS: a private authority as a file works; everything that cannot be trusted ends before the token is sent."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from take_bundles import STUDIO, TOKEN, studio_at

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.failure import DeliveryStep, Fault, TransferError
from perfstudio.delivery.http import HttpClient, Timeouts
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.studios import Studios, read_studio
from perfstudio.delivery.trust import read_trust
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.texts.errors import sentence


class Authority:
    """Makes certificates for tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        self.file = folder / "ca.pem"
        ca = self._builder(self.name, self.key).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
            decipher_only=False,
        )  # fmt: skip
        identifier = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        ca = ca.add_extension(usage, True).add_extension(identifier, False)
        self.file.write_bytes(ca.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def certificate(self, host: str, *, days: tuple[int, int] = (-1, 1)) -> tuple[Path, Path]:
        """(certificate, key) for a host name, valid from and to so many days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        san = x509.SubjectAlternativeName([x509.DNSName(host)])
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        built = self._builder(subject, key, days).add_extension(san, False).add_extension(authority, False)
        files = self.folder / f"{host}.pem", self.folder / f"{host}.key"
        files[0].write_bytes(built.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return files

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: tuple[int, int] = (-1, 1)
    ) -> x509.CertificateBuilder:
        now = utc_now()
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + dt.timedelta(days=days[0]))
            .not_valid_after(now + dt.timedelta(days=days[1]))
        )


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    folder = tmp_path / "certificates"
    folder.mkdir()
    return Authority(folder)


def test_private_authority_as_a_file(
    authority: Authority, tmp_path: Path, bundle: Bundle, outbox: Outbox, quick: Tuning
) -> None:
    settings = ReceiverSettings(studio_id=STUDIO, tls=authority.certificate("localhost"))
    tuning = Tuning(quick.pace, quick.timeouts, authority.file)
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        base = f"https://localhost:{receiver.port}"
        studio = studio_at(f"{base}/files", base)
        with pytest.raises(DeliveryError) as ended:  # its announcement names 127.0.0.1: another origin
            deliver(bundle, studio, TOKEN, outbox=outbox, may_send=lambda: True, tuning=tuning, patience_s=2)
        assert ended.value.code is ErrorCode.RECEIVER_UNSAFE
    settings = ReceiverSettings(studio_id=STUDIO, tls=settings.tls, public_url=f"https://localhost:{receiver.port}")
    with Receiver(tmp_path / "in", port=receiver.port, token=TOKEN, settings=settings) as receiver:
        receipt = deliver(
            bundle, receiver.studio(), TOKEN, outbox=outbox, may_send=lambda: True, tuning=tuning, patience_s=5
        )
        assert receipt.state == "accepted"


@pytest.mark.parametrize("what", ["unknown authority", "other host", "expired", "not yet valid"])
def test_upl_19_untrusted_ends_before_the_token(
    what: str, authority: Authority, bundle: Bundle, outbox: Outbox, quick: Tuning
) -> None:
    host = "other.example" if what == "other host" else "localhost"
    days = {"expired": (-9, -2), "not yet valid": (2, 9)}.get(what, (-1, 1))
    ca_file = None if what == "unknown authority" else authority.file
    with listener(authority.certificate(host, days=days)) as (port, seen):
        studio = studio_at(f"https://localhost:{port}/files")
        tuning = Tuning(quick.pace, quick.timeouts, ca_file)
        with pytest.raises(DeliveryError) as ended:
            deliver(bundle, studio, TOKEN, outbox=outbox, may_send=lambda: True, tuning=tuning, patience_s=5)
        assert ended.value.code is ErrorCode.RECEIVER_UNSAFE
        assert ended.value.facts["detail"] == "certificate"
        assert ended.value.facts["why"] == what.replace(" ", "_").replace("other_host", "other_name")
        assert TOKEN.encode() not in bytes(seen)


@pytest.mark.parametrize("form", ["authority", "its own", "its own, as DER", "with its key beside it"])
def test_a_certificate_as_a_file_is_trusted_and_kept_with_the_studio(  # noqa: PLR0917
    form: str, authority: Authority, tmp_path: Path, bundle: Bundle, outbox: Outbox, quick: Tuning
) -> None:
    pem, key = authority.certificate("localhost")
    file = tmp_path / "given.pem"
    match form:
        case "authority":
            file.write_bytes(authority.file.read_bytes())
        case "its own":
            file.write_bytes(pem.read_bytes())
        case "its own, as DER":
            file.write_bytes(x509.load_pem_x509_certificate(pem.read_bytes()).public_bytes(serialization.Encoding.DER))
        case _:
            file.write_bytes(key.read_bytes() + pem.read_bytes())
    trust = read_trust(file)
    assert "PRIVATE" not in trust
    with Receiver(
        tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO, tls=(pem, key))
    ) as receiver:
        port = receiver.port
    own = ReceiverSettings(studio_id=STUDIO, tls=(pem, key), public_url=f"https://localhost:{port}")
    with Receiver(tmp_path / "in", port=port, token=TOKEN, settings=own) as receiver:
        address = f"{receiver.url}/studio.json"
        with pytest.raises(DeliveryError) as unknown:
            read_studio(address)
        assert (unknown.value.code, unknown.value.facts["detail"]) == (ErrorCode.RECEIVER_UNSAFE, "certificate")
        studio = read_studio(address, trust=trust).model_copy(update={"certificate": trust})
        studios = Studios(tmp_path / "studios")
        studios.keep(studio)
        assert studios.get(STUDIO).certificate == trust
        receipt = deliver(
            bundle, studios.get(STUDIO), TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick, patience_s=5
        )
        assert receipt.state == "accepted"
        with pytest.raises(DeliveryError) as plain:  # the same door, knocked at without protection
            read_studio(f"http://localhost:{port}/studio.json")
        assert (plain.value.code, plain.value.facts["detail"]) == (ErrorCode.RECEIVER_UNSAFE, "tls_here")


def test_another_certificate_than_the_one_given_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = read_trust(Authority(tmp_path / "other").file)
    with (
        Receiver(
            tmp_path / "in", token=TOKEN, settings=ReceiverSettings(tls=authority.certificate("localhost"))
        ) as receiver,
        pytest.raises(DeliveryError) as refused,
    ):
        read_studio(f"https://localhost:{receiver.port}/studio.json", trust=other)
    assert refused.value.facts["detail"] == "certificate"


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b"0\x03abc", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]
)
def test_what_is_no_certificate(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "given.pem"
    file.write_bytes(data)
    for place in (file, tmp_path / "nowhere.pem", tmp_path):
        with pytest.raises(DeliveryError) as refused:
            read_trust(place)
        assert refused.value.code is ErrorCode.TRUST_UNREADABLE
        assert place.name in sentence(refused.value)


def test_a_handshake_that_breaks_off_is_named(quick: Tuning) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(1000)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        address = f"https://localhost:{server.getsockname()[1]}"
        with (
            closing(HttpClient(address, TOKEN, timeouts=quick.timeouts)) as wire,
            pytest.raises(TransferError) as stopped,
        ):
            wire.ask(DeliveryStep.OPTIONS, "OPTIONS", address + "/files", {})
        thread.join()
    assert (stopped.value.failure.fault, stopped.value.failure.detail) == (Fault.RESET, "tls_broken")


def test_clear_text_behind_https_is_refused(quick: Tuning) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def plain() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                connection.recv(65536)

        thread = threading.Thread(target=plain)
        thread.start()
        address = f"https://localhost:{server.getsockname()[1]}"
        with (
            closing(HttpClient(address, TOKEN, timeouts=quick.timeouts)) as wire,
            pytest.raises(TransferError) as stopped,
        ):
            wire.ask(DeliveryStep.OPTIONS, "OPTIONS", address + "/files", {})
        thread.join()
    failure = stopped.value.failure
    assert (failure.fault, failure.detail, failure.why) == (Fault.CERTIFICATE, "tls", "clear_text")


def test_upl_11_a_handshake_that_drips_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"\x16\x03\x03\x40\x00")
                while not done.wait(0.2):
                    try:
                        connection.sendall(b"\x00")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        address = f"https://localhost:{server.getsockname()[1]}"
        limits = Timeouts(connect_s=0.5, answer_s=0.5)
        with closing(HttpClient(address, TOKEN, timeouts=limits)) as wire, pytest.raises(TransferError) as stopped:
            wire.ask(DeliveryStep.OPTIONS, "OPTIONS", address + "/files", {})
        assert stopped.value.failure.fault is Fault.STALLED
        done.set()
        thread.join()


@contextmanager
def listener(files: tuple[Path, Path]) -> Iterator[tuple[int, bytearray]]:
    """A TLS server that answers nothing and remembers what it could read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    seen = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        done = threading.Event()

        def run() -> None:
            while not done.is_set():
                try:
                    raw, _ = server.accept()
                except TimeoutError:
                    continue
                try:
                    with context.wrap_socket(raw, server_side=True) as secure:
                        secure.settimeout(2.0)
                        seen.extend(secure.recv(65536))
                except OSError:
                    continue

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield server.getsockname()[1], seen
        finally:
            done.set()
            thread.join()
