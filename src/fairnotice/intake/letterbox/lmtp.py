"""The LMTP server (RFC 2033): what a mail server hands over is stored durably before it is told "250".

Nothing that stands in a letter is a reason to refuse it: no length of a message or a line, no byte, no
address. What is in the way here (a full disk, a lock) is temporary, and the mail server comes again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from aiosmtpd.lmtp import LMTP
from django.db import close_old_connections, connections

from fairnotice.intake.letterbox.kept import Letter, envelope
from fairnotice.intake.letterbox.listen import Listen

logger = logging.getLogger("fairnotice.lmtp")

MOST_CONNECTIONS = 50
MOST_RECIPIENTS = 1000
#: Letters longer than SMALL are held in memory by so many connections at once; the others wait to be read.
SMALL, BIG_AT_ONCE = 1_000_000, 2
_TIMEOUT = 300.0  # seconds without a command or a piece of a letter (RFC 5321, 4.5.3.2)
_LAST_STORE = 8.0
_COMMAND = 16_384
_BRACKETS = re.compile(r'\s*<((?:"(?:\\.|[^"\\])*"|[^">])*)>(.*)', re.DOTALL)
_CARELESS = re.compile(r"\s*<([^>]*)>(.*)", re.DOTALL)
_UNCODED = re.compile(r"([245])\d\d (?![245]\.\d)")
_AGAIN = "451 4.3.0 Not stored. Please try again later."


class Door:
    """What all connections share: the one thread that writes, and the places for big letters."""

    def __init__(self, hostname: str) -> None:
        self.hostname = hostname
        self.open = 0
        self.big = asyncio.Semaphore(BIG_AT_ONCE)
        # One: the database has one writer, and a thread each has a connection each.
        self._writer = ThreadPoolExecutor(1, "lmtp-store")

    async def store(self, letter: Letter, said: dict[str, Any]) -> bool:
        """Whether it is stored durably now."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, _store, letter, said)

    def close(self) -> None:
        """Wait for the letter that is being stored."""
        self._writer.shutdown(wait=True, cancel_futures=True)

    # The names are aiosmtpd's.
    async def handle_EHLO(  # noqa: N802
        self, server: LMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """What RFC 2033, 4.2 wants besides what the library offers."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", *responses[1:]]

    async def handle_RCPT(  # noqa: N802
        self, server: LMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Any recipient: the mail server has decided that already."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients at once."
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is never the end of a letter, and never quoted."""
        logger.error("lmtp: %s", type(error).__name__)
        return "451 4.3.0 Something went wrong here. Please try again later."


def _store(letter: Letter, said: dict[str, Any]) -> bool:
    try:
        close_old_connections()
        letter.store(said)
    except Exception as error:
        # Its class alone: the text of an exception may quote the letter.
        logger.error("letter not stored, the mail server is asked to come again: %s", type(error).__name__)
        connections.close_all()
        return False
    return True


class Connection(LMTP):
    """One mail server at the door."""

    line_length_limit = 65_536
    command_size_limit = _COMMAND
    command_size_limits: dict[str, int] = defaultdict(lambda: _COMMAND)

    def __init__(self, door: Door) -> None:
        super().__init__(
            door,
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname=door.hostname,
            ident="Fair Notice LMTP",
            timeout=_TIMEOUT,
            loop=asyncio.get_running_loop(),
        )
        self._door = door
        self._taken_in = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """One more, unless there are too many."""
        if self._door.open >= MOST_CONNECTIONS:
            cast("asyncio.WriteTransport", transport).write(
                b"421 4.3.2 Too many connections. Please try again later.\r\n"
            )
            transport.close()
            return
        self._door.open += 1
        self._taken_in = True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """One less."""
        if self._taken_in:
            self._taken_in = False
            self._door.open -= 1
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """It has nothing more to say."""
        return super().eof_received() if self._taken_in else False

    async def push(self, status: str | bytes) -> None:
        """Each answer with its enhanced code (RFC 2034), but for the greetings."""
        text = status if isinstance(status, str) else status.decode()
        if text != "250 HELP" and not text.startswith("220 "):
            text = _UNCODED.sub(lambda found: f"{found[0]}{found[1]}.0.0 ", text, count=1)
        await super().push(text)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Whatever stands between the brackets: the mail server took it, and so do we."""
        found = _BRACKETS.match(arg) or _CARELESS.match(arg)
        if found:
            return found[1].strip() or "<>", found[2]
        address, _space, rest = arg.strip().partition(" ")
        return address.strip("<>") or "<>", rest

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802  aiosmtpd's name
        """Take the letter in, and answer for each recipient (RFC 2033, 4.2)."""
        if await self.check_helo_needed("LHLO"):
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        to = self.envelope.rcpt_tos
        said = envelope(self.envelope.mail_from, to)
        stored = await self._take(said)
        self._reset_timeout()
        self._set_post_data_state()
        for _recipient in to:
            await self.push("250 2.0.0 Stored" if stored else _AGAIN)

    async def _take(self, said: dict[str, Any]) -> bool:
        letter, big = Letter(), False
        try:
            async for piece in self._pieces():
                letter.add(piece)
                if not big and letter.size > SMALL:
                    await self._door.big.acquire()
                    big = True
            self._reset_timeout()
            return await self._door.store(letter, said)
        finally:
            if big:
                self._door.big.release()

    async def _pieces(self) -> Any:
        """The letter without its dots (RFC 5321, 4.5.2). Only a dot between two CRLF ends it: what others
        take for an end, a letter may hold."""
        at_start, since = True, 0
        while True:
            try:
                line = await self._reader.readuntil(b"\r\n")
                ended = True
            except asyncio.LimitOverrunError as error:
                line = await self._reader.read(error.consumed)
                ended = False
            if at_start and line == b".\r\n":
                return
            since += len(line)
            if since >= self.line_length_limit:
                self._reset_timeout()
                since = 0
            yield line[1:] if at_start and line.startswith(b".") else line
            at_start = ended


async def serve(listen: Listen, hostname: str, stop: asyncio.Event, ready: Any = lambda: None) -> None:
    """Take letters until asked to stop; one that is being stored is finished. Raises OSError where the place
    cannot be listened at. `ready` is called when it can be connected to."""
    door, loop = Door(hostname), asyncio.get_running_loop()
    if listen.path:
        # The mail server is another user; it needs the group.
        before = os.umask(0o117)
        try:
            server = await loop.create_unix_server(lambda: Connection(door), listen.path)
        finally:
            os.umask(before)
    else:
        server = await loop.create_server(lambda: Connection(door), listen.host, listen.port)
    try:
        ready()
        await stop.wait()
    finally:
        server.close()
        await asyncio.wait([loop.run_in_executor(None, door.close)], timeout=_LAST_STORE)
