"""Reading a log over HTTP from servers that are slow, broken or hostile: bounded, patient, never elsewhere."""

import gzip
import ssl
import time
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from ipaddress import IPv4Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from fairnotice.translog.httpsource import HttpSource
from fairnotice.translog.sources import BadAnswer, FolderSource, TileMissing, Unreachable, read_at
from fairnotice.translog.tilepaths import ENTRIES, Tile
from tests.translog.build import numbered
from tests.translog.server import serving


@pytest.fixture
def server(tmp_path):
    numbered(300).publish(tmp_path / "log", 5, 295)
    with serving(tmp_path / "log") as started:
        yield started


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def source(server, pauses):
    return HttpSource(server.url, timeout=0.2, patience=0.6, tries=3, sleep=pauses.append)


def test_it_reads_what_a_folder_reads(server, source):
    folder = FolderSource(server.directory)
    assert source.checkpoint() == folder.checkpoint()
    for tile in (Tile(0, 0), Tile(0, 1, 44), Tile(1, 0, 1), Tile(ENTRIES, 0, 5)):
        assert source.tile(tile) == folder.tile(tile)
    assert {header["Accept-Encoding"] for header in server.headers} == {"gzip"}


def test_a_missing_file_is_named(server, source):
    for each in (source, FolderSource(server.directory)):
        with pytest.raises(TileMissing, match=r"tile/0/001\.p/43 is missing"):
            each.tile(Tile(0, 1, 43))
    (server.directory / "checkpoint").unlink()
    assert source.checkpoint() is None
    assert FolderSource(server.directory).checkpoint() is None


def test_the_full_tile_serves_where_the_partial_is_gone_and_no_other_is_asked_for(server, source):
    (server.directory / "tile/0/000.p/5").unlink()
    data, tile = read_at(source, 0, 0, 5)
    assert tile == Tile(0, 0) and data == (server.directory / "tile/0/000").read_bytes()
    assert server.asked == ["tile/0/000.p/5", "tile/0/000"]
    server.asked.clear()
    with pytest.raises(TileMissing, match=r"tile/0/001\.p/40"):
        read_at(source, 0, 1, 296)
    assert server.asked == ["tile/0/001.p/40", "tile/0/001"]


def test_compressed_bundles_are_read(server, source):
    plain = (server.directory / "tile/entries/000").read_bytes()
    server.answers["tile/entries/000"] = lambda to: to.send(
        gzip.compress(plain, mtime=0), Content_Encoding="gzip"
    )
    assert source.tile(Tile(ENTRIES, 0)) == plain


@pytest.mark.parametrize(
    ("data", "headers", "words"),
    [
        (gzip.compress(bytes(50_000_000), mtime=0), {"Content_Encoding": "gzip"}, "longer than 8192 bytes"),
        (bytes(8193), {}, "longer than 8192 bytes"),
        (gzip.compress(b"x", mtime=0)[:-4], {"Content_Encoding": "gzip"}, "not sound gzip"),
        (b"nonsense", {"Content_Encoding": "gzip"}, "not sound gzip"),
        (gzip.compress(b"x", mtime=0) + b"more", {"Content_Encoding": "gzip"}, "gzip"),
        (b"x", {"Content_Encoding": "br"}, "an encoding that nobody asked for: br"),
    ],
)
def test_answers_that_cannot_be_a_tile(server, source, pauses, data, headers, words):
    server.answers["tile/0/000"] = lambda to: to.send(data, **headers)
    with pytest.raises(BadAnswer, match=words):
        source.tile(Tile(0, 0))
    assert pauses == []


def test_endless_bytes_end_at_the_limit(server, source):
    def endless(to):
        to.send_response(200)
        to.end_headers()
        while not server.closing.is_set():
            to.wfile.write(bytes(65536))

    server.answers["*"] = endless
    with pytest.raises(BadAnswer, match="longer than 8192 bytes") as fault:
        source.tile(Tile(0, 0))
    assert 8192 < len(fault.value.received) <= 65536 + 8192
    with pytest.raises(BadAnswer, match="longer than 1000000 bytes"):
        source.checkpoint()


def test_a_server_that_hangs_or_drips_is_left(server, source, pauses):
    def silent(to):
        server.closing.wait(5)

    def dripping_head(to):
        while not server.closing.wait(0.1):
            to.wfile.write(b"H")

    def dripping_body(to):
        to.send_response(200)
        to.send_header("Content-Length", "8192")
        to.end_headers()
        while not server.closing.wait(0.1):
            to.wfile.write(b"x")

    def broken_off(to):
        to.send(b"x" * 100, Content_Length="8192")
        to.close_connection = True

    for answer, words in (
        (silent, "does not answer in time"),
        (dripping_head, "broke off"),
        (dripping_body, "longer than 1 second"),
        (broken_off, "broke off"),
    ):
        server.answers["*"] = answer
        pauses.clear()
        with pytest.raises(Unreachable, match=words) as fault:
            source.tile(Tile(0, 0))
        assert str(fault.value).startswith(f"{server.url}/tile/0/000: ")
        assert pauses == [0.5, 1.0]


def test_a_server_that_needs_a_moment(server, source, pauses):
    answers = iter([503, 502, 200])

    def recovering(to):
        status = next(answers)
        to.send((server.directory / "tile/0/000").read_bytes() if status == 200 else b"", status)

    server.answers["*"] = recovering
    assert len(source.tile(Tile(0, 0))) == 8192
    assert pauses == [0.5, 1.0]


def test_a_server_that_asks_for_rest(server, source, pauses):
    asked = iter(["7", formatdate(time.time() + 30, usegmt=True), "3601"])
    server.answers["*"] = lambda to: to.send(b"", 429, Retry_After=next(asked))
    with pytest.raises(Unreachable, match="status 429, and asks for 3601 seconds of rest"):
        source.tile(Tile(0, 0))
    assert pauses[0] == 7 and 20 < pauses[1] <= 30


def test_other_answers_are_not_a_missing_file(server, source):
    server.answers["*"] = lambda to: to.send(b"", 403)
    with pytest.raises(Unreachable, match="status 403"):
        source.tile(Tile(0, 0))


def test_it_follows_on_the_same_server_only(server, source, tmp_path):
    server.answers["tile/0/000"] = lambda to: to.send(b"", 302, Location="/log/tile/0/001.p/44")
    assert len(source.tile(Tile(0, 0))) == 44 * 32
    server.answers["tile/0/000"] = lambda to: to.send(b"", 302, Location="/log/tile/0/000")
    with pytest.raises(Unreachable, match="in a circle"):
        source.tile(Tile(0, 0))
    with serving(server.directory) as other:
        port = server.server_address[1]
        for elsewhere in (
            f"{other.url}/tile/0/000",
            f"//127.0.0.1:{other.server_address[1]}/log/tile/0/000",
            f"https://127.0.0.1:{port}/log/tile/0/000",
            f"http://localhost:{port}/log/tile/0/000",
            "file:///etc/passwd",
        ):
            server.answers["tile/0/000"] = lambda to, there=elsewhere: to.send(b"", 302, Location=there)
            with pytest.raises(Unreachable, match="another server"):
                source.tile(Tile(0, 0))
        assert other.asked == []


def certificate(folder):
    """A key and a certificate for 127.0.0.1 that nobody knows; returns the file with both."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def test_https_with_a_certificate_that_is_trusted_and_one_that_is_not(server, tmp_path, pauses, monkeypatch):
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    url = server.url.replace("http:", "https:")
    with pytest.raises(Unreachable, match="certificate is not one to be trusted"):
        HttpSource(url, sleep=pauses.append).checkpoint()
    assert pauses == [] and server.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    source = HttpSource(url, timeout=2.0, patience=0.6, tries=1)
    assert len(source.tile(Tile(0, 0))) == 8192
    assert source.checkpoint() == (server.directory / "checkpoint").read_bytes()

    def dripping_head(to):
        while not server.closing.wait(0.1):
            to.wfile.write(b"H")

    server.answers["*"] = dripping_head
    with pytest.raises(Unreachable, match="broke off"):
        source.tile(Tile(0, 0))


def test_nobody_there(tmp_path):
    with serving(tmp_path) as gone:
        url = gone.url
    with pytest.raises(Unreachable, match="no connection"):
        HttpSource(url, tries=2, sleep=lambda _: None).checkpoint()


@pytest.mark.parametrize(
    "url",
    [
        "http://log.example.org/log",
        "http://192.0.2.1/log",
        "ftp://log.example.org/log",
        "https://user@log.example.org/log",
        "https://log.example.org/log?x=1",
        "https://log.example.org/log#x",
        "https://",
        "https://[::1/log",
        "https://log.example.org:99999/log",
        "https://log.example.org/a b",
        "https://log.example.org/\u001b[2J",
    ],
)
def test_addresses_that_are_not_used(url):
    with pytest.raises(ValueError) as fault:  # noqa: PT011 - each has words of its own
        HttpSource(url)
    assert str(fault.value).isprintable()


def test_addresses_that_are():
    for url in (
        "https://log.example.org/log/",
        "http://localhost:8000/log",
        "http://[::1]:8000",
        "https://[2001:db8::1]/l",
    ):
        assert HttpSource(url).name == url.rstrip("/")
