"""The operator's own program for letters to customers: it gets a letter, and we learn whether it was
delivered. What it prints is read by nobody."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess  # the operator's program, named in the settings; never a shell
from collections.abc import Mapping

from django.conf import settings
from django.template.loader import render_to_string

from fairnotice.cases import sealed
from fairnotice.cases.models import CustomerLetter
from fairnotice.delivery.ports import SendFailed
from fairnotice.law.taxonomy import CATEGORIES

TIMEOUT = 30.0
# sysexits.h: EX_TEMPFAIL, "try again later".
_LATER = 75


def letter_text(letter_ref: str) -> str:
    """The letter: location and category, no word of the notifier's and nothing about who they are. Raises
    Erased, SendFailed, also where the notice was taken back meanwhile."""
    letter = CustomerLetter.objects.select_related("item__notice", "item__case").get(ref=letter_ref)
    if letter.item.notice.state == "withdrawn":
        raise SendFailed("cancelled", final=True)
    location = sealed.read("item", letter.item.ref, "location")
    if not location:
        raise SendFailed("erased", final=True)
    category = letter.item.notice.category
    context = {
        "operator": settings.FN_OPERATOR,
        "reference": letter.ref,
        "location": location,
        "category": CATEGORIES.get(category, category),
    }
    return render_to_string("delivery/customer.txt", context).strip() + "\n"


def run(text: str, *, timeout: float = TIMEOUT) -> None:
    """Give the letter to the program on its standard input; see `run_command`."""
    run_command(settings.FN_CUSTOMER_HOOK, text.encode(), timeout=timeout)


def run_command(
    command: str, data: bytes, *, timeout: float = TIMEOUT, told: Mapping[str, str] | None = None
) -> None:
    """Give bytes to a program of the operator's on its standard input, with `told` in its environment.
    Returns where it ends with 0; raises SendFailed "deferred" for 75, "refused" (final) for every other
    status, "timeout", and "misconfigured" where it cannot be started."""
    try:
        program = subprocess.Popen(  # noqa: S603 - the operator's own command, split without a shell
            shlex.split(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # It is told nothing of us but the letter: not where our keys lie, nor the data folder.
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", **(told or {})},
            cwd="/",
            start_new_session=True,
        )
    except (OSError, ValueError, IndexError):
        raise SendFailed("misconfigured") from None
    try:
        program.communicate(data, timeout=timeout)
    except subprocess.TimeoutExpired:
        _end(program)
        raise SendFailed("timeout") from None
    if program.returncode == _LATER:
        raise SendFailed("deferred")
    if program.returncode != 0:
        raise SendFailed("refused", final=True)


def _end(program: subprocess.Popen[bytes]) -> None:
    """It and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    if program.stdin is not None:
        with contextlib.suppress(OSError):
            program.stdin.close()
