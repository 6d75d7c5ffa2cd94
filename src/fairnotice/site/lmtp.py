"""The LMTP child of `serve`. Run as `python -m fairnotice.site.lmtp WHERE PARENT`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from urllib.parse import urlsplit

from fairnotice.plumbing.locks import die_with_parent
from fairnotice.site import setup
from fairnotice.site.describe import describe
from fairnotice.site.supervisor import REFUSED

logger = logging.getLogger("fairnotice.lmtp")


def main(where: str, parent: int) -> int:
    """Exit status: 0 when asked to stop, REFUSED where the data folder may not be used, 1 where the place
    cannot be listened at now; then `serve` tries again."""
    die_with_parent(parent)
    try:
        setup.prepare()
    except setup.NotReady as refused:
        print(refused, file=sys.stderr)
        return REFUSED
    try:
        asyncio.run(_serve(where))
    except OSError as error:
        logger.error("mail cannot be taken at %s: %s", where, os.strerror(error.errno or 0))
        return 1
    except Exception as error:
        logger.error("stopped: %s", describe(error))
        return 1
    return 0


async def _serve(where: str) -> None:
    from django.conf import settings

    from fairnotice.intake.letterbox import listen, lmtp

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    hostname = urlsplit(settings.FN_BASE_URL).hostname or "localhost"
    await lmtp.serve(listen.parse(where), hostname, stop, lambda: _said(where))


def _said(where: str) -> None:
    print(f"Mail is taken over LMTP at {where}.", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
