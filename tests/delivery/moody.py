"""A real SMTP server in every mood: for each reader it does, try after try, what a test has written down."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import email
import ipaddress
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.site.served import free_port

# What it can do with one letter. The last two take it, and say so to nobody.
REFUSES = ("refuses-reader", "refuses-letter")
MOODS = (
    "accepts",
    *REFUSES,
    "defers-reader",
    "defers-letter",
    "stalls-before",
    "stalls-after-data",
    "drops-at-reader",
    "drops-before-250",
    "takes-and-drops",
    "takes-and-stalls",
)


class Moody:
    """`plan` says for each reader what happens try after try; after its end everything is accepted."""

    def __init__(self, plan: dict[str, list[str]]) -> None:
        self.plan = {reader: list(moods) for reader, moods in plan.items()}
        self._lock = threading.Lock()
        self._taken: list[tuple[str, str]] = []
        self.tries: Counter[str] = Counter()
        # Readers whose letter was refused for good, and how often one was taken without a word.
        self.refused: set[str] = set()
        self.unheard: Counter[str] = Counter()
        self.unencrypted = 0

    def stalls_next(self, reader: str) -> bool:
        """Whether the next try will hear nothing."""
        return bool(self.plan.get(reader)) and "stalls" in self.plan[reader][0]

    def taken(self) -> list[tuple[str, str]]:
        """(reader, Message-ID) of every letter that it took, in order, the same letter as often as it came."""
        with self._lock:
            return list(self._taken)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.tries[address] += 1
        moods = self.plan.get(address) or ["accepts"]
        mood = moods.pop(0)
        envelope.mood = mood
        if mood in REFUSES:
            self.refused.add(address)
        if mood == "refuses-reader":
            return "550 5.1.1 no such mailbox"
        if mood == "defers-reader":
            return "451 4.7.1 later"
        if mood == "stalls-before":
            await asyncio.Event().wait()
        if mood == "drops-at-reader":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        mood = envelope.mood
        if session.ssl is None:
            self.unencrypted += 1
        if mood == "refuses-letter":
            return "554 5.6.0 not this one"
        if mood == "defers-letter":
            return "451 4.3.0 later"
        if mood == "stalls-after-data":
            await asyncio.Event().wait()
        if mood == "drops-before-250":
            server.transport.abort()
            return "451 nobody hears this"
        letter = email.message_from_bytes(envelope.content)
        with self._lock:
            self._taken.append((envelope.rcpt_tos[0], str(letter["Message-ID"])))
            self.unheard[envelope.rcpt_tos[0]] += mood.startswith("takes-")
        if mood == "takes-and-drops":
            server.transport.abort()
        if mood == "takes-and-stalls":
            await asyncio.Event().wait()
        return "250 taken"


@contextlib.contextmanager
def moody(plan: dict[str, list[str]], **options: Any) -> Iterator[tuple[int, Moody]]:
    """Such a server on loopback for the length of the block: its port and what it took."""
    handler = Moody(plan)
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port, handler
    finally:
        controller.stop()


def certificate(folder: Path, address: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate of one's own for an IP address: the file that a client must trust, and the server's side."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    public, private = folder / "server.pem", folder / "server.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
