"""Whether the time of an answer tells which kind of wrong a receipt code is.

Codes that open nothing, each for another reason, are sent in random order through the program's own WSGI door
in one process. The answers must be the same but for what the browser sent itself, and Welch's t between the
times of any two kinds must stay below 4.5 (the bound of leakage assessment by t-test, as dudect uses it).
"""

from __future__ import annotations

import gc
import io
import os
import random
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from soak_failure import SoakFailure

BOUND = 4.5
TRIES = 10_000
KEPT = 0.9  # of all times, the shortest; what interrupts the process lies above
ROWS = 40  # codes of each kind; what matters is the kind, not the row
LIVE = "right"
Environ = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back, and the nanoseconds from the door to the last byte: by the clock on the wall, as
    somebody outside sees it, and of this thread's own work, in which a small difference shows first."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    took: int
    worked: int


def welch(one: Sequence[float], two: Sequence[float]) -> float:
    """Welch's t of two samples; 0 where neither varies and they are equal."""
    spread = statistics.variance(one) / len(one) + statistics.variance(two) / len(two)
    apart = statistics.fmean(one) - statistics.fmean(two)
    return apart / spread**0.5 if spread else (0.0 if not apart else float("inf"))


def cropped(times: dict[str, list[int]], kept: float = KEPT) -> dict[str, list[int]]:
    """Without the slowest tenth of all, by one bound for all kinds, which therefore favours none."""
    everything = sorted(took for each in times.values() for took in each)
    bound = everything[int(len(everything) * kept) - 1]
    return {kind: [took for took in each if took <= bound] for kind, each in times.items()}


def kinds(rows: int = ROWS) -> dict[str, list[str]]:
    """Codes by kind. "right" opens; the others open nothing: never issued, taken back, of what was erased on
    each side, and with bits in the last letter that no code has."""
    from django.utils import timezone

    from fairnotice.cases import codes
    from fairnotice.cases.models import AccessCode, Case, Notice
    from fairnotice.vault import codes as vault_codes
    from fairnotice.vault import keys

    first = Notice.objects.get()
    case = Case.objects.get()
    made: dict[str, list[str]] = {
        "wrong": [vault_codes.new_code() for _ in range(rows)],
        "malformed": [vault_codes.new_code()[:-1] + "B" for _ in range(rows)],
    }
    made[LIVE] = [codes.mint(side="notifier", notice=first) for _ in range(rows)]
    made["revoked"] = [codes.mint(side="notifier", notice=first) for _ in range(rows)]
    macs = [vault_codes.code_mac(code) for code in made["revoked"]]
    AccessCode.objects.filter(mac__in=macs).update(revoked_at=timezone.now())
    made["erased"], made["erased, other side"] = [], []
    for number in range(rows):
        again = Notice.objects.get(pk=first.pk)
        again.pk, again.ref, again.notifier_key = None, f"S{number:011d}", keys.new_key("subject")
        again.save(force_insert=True)
        made["erased"].append(codes.mint(side="notifier", notice=again))
        keys.destroy(again.notifier_key)
        other = Case.objects.get(pk=case.pk)
        other.pk, other.ref, other.subject_key = None, f"S{number:011d}", keys.new_key("subject")
        other.state, other.item_key, other.closed_at = "closed", None, timezone.now()
        other.save(force_insert=True)
        made["erased, other side"].append(codes.mint(side="affected", case=other))
        keys.destroy(other.subject_key)
    return {kind: [vault_codes.show(code) for code in each] for kind, each in made.items()}


class Door:
    """The program's WSGI application, with a form token of its own; each request from another network, so
    that no limit is met (what a limit answers depends on the network alone)."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.cookie = ""
        self._networks = iter(range(1, 2**24))
        page = self._send("GET", b"")
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        cookie = re.search(r"csrftoken=\w+", str(page.headers))
        if token is None or cookie is None:
            raise SoakFailure("the page for the code has no token")
        self.token, self.cookie = token[1].decode(), cookie[0]

    def post(self, code: str) -> Answer:
        """One code, typed into the form."""
        fields = {"csrfmiddlewaretoken": self.token, "code": code}
        answer = self._send("POST", urlencode(fields).encode())
        return replace(answer, body=_without(answer.body, code))

    def _send(self, method: str, body: bytes) -> Answer:
        network = next(self._networks)
        environ: Environ = {
            "REQUEST_METHOD": method, "PATH_INFO": "/status/", "QUERY_STRING": "", "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1:8000",
            "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)), "HTTP_COOKIE": self.cookie, "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "REMOTE_ADDR": f"10.{network >> 16}.{network >> 8 & 255}.{network & 255}",
        }  # fmt: skip
        told: list[Any] = []
        start, begun = time.perf_counter_ns(), time.thread_time_ns()
        parts = self.application(environ, lambda *said: told.extend(said))
        answered = b"".join(parts)
        worked, took = time.thread_time_ns() - begun, time.perf_counter_ns() - start
        if hasattr(parts, "close"):
            parts.close()
        return Answer(told[0], tuple(told[1]), answered, took, worked)


def _without(body: bytes, code: str) -> bytes:
    """The page without what the browser sent itself: the code, and the form's token, which is masked anew."""
    plain = re.sub(rb'(name="csrfmiddlewaretoken" value=")\w+', rb"\1", body)
    return plain.replace(code.encode(), b"")


def same(answers: dict[str, Answer]) -> None:
    """Raises SoakFailure where one differs from another in status, headers or bytes."""
    first_kind, first = next(iter(answers.items()))
    for kind, answer in answers.items():
        for part in ("status", "body"):
            if getattr(answer, part) != getattr(first, part):
                raise SoakFailure(f"the {part} of '{kind}' differs from that of '{first_kind}'")
        if _headers(answer) != _headers(first):
            raise SoakFailure(f"the headers of '{kind}' differ from those of '{first_kind}'")


def _headers(answer: Answer) -> list[tuple[str, str]]:
    # The cookie with the form's token is set anew; its time says when, not what.
    return sorted(
        (name, value.partition("=")[0] if name == "Set-Cookie" else value) for name, value in answer.headers
    )


def measured(door: Door, codes: dict[str, list[str]], tries: int) -> Iterator[tuple[str, Answer]]:
    """`tries` answers, as many of each kind, in random order."""
    order = [kind for kind in codes for _ in range(tries // len(codes))]
    random.SystemRandom().shuffle(order)
    for kind in order:
        yield kind, door.post(secrets.choice(codes[kind]))


Times = dict[str, list[int]]


def compare(door: Door, codes: dict[str, list[str]], tries: int, until: float) -> tuple[Times, Times]:
    """The times by kind, on the wall and of work, as many as came before `until`.

    Every answer to a code that opens nothing is held to the first."""
    times: Times = {kind: [] for kind in codes}
    work: Times = {kind: [] for kind in codes}
    first: Answer | None = None
    gc.collect()
    gc.disable()
    try:
        for number, (kind, answer) in enumerate(measured(door, codes, tries)):
            times[kind].append(answer.took)
            work[kind].append(answer.worked)
            if kind == LIVE:
                if not answer.status.startswith("303"):
                    raise SoakFailure(f"a right code was answered with {answer.status}")
            elif first is None:
                first = answer
            else:
                same({"the first": first, kind: answer})
            if number % 500 == 499:
                gc.collect()
                if time.monotonic() > until:
                    break
    finally:
        gc.enable()
    return times, work


def pairs(times: Times) -> list[tuple[float, str, str]]:
    """(Welch's t, one kind, another) of each two kinds, the farthest apart first."""
    kept = cropped(times)
    found = [(welch(kept[a], kept[b]), a, b) for a, b in combinations(kept, 2)]
    return sorted(found, key=lambda one: -abs(one[0]))


def run(seconds: float) -> str:
    """10,000 receipt codes that open nothing, and 2,000 that do: do the times tell which is which?"""
    with tempfile.TemporaryDirectory(prefix="fairnotice-codes-") as made:
        # A process of its own: Django reads its settings once.
        child = subprocess.run(
            [sys.executable, __file__, made, str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "XDG_CONFIG_HOME": f"{made}/home"},
        )
    print(child.stdout, end="", flush=True)
    if child.returncode:
        raise SoakFailure("see above")
    return child.stdout.splitlines()[-1]


def main(folder: Path, seconds: float) -> int:
    """In the child: a service in `folder`, then the measurement. 1 where it failed."""
    until = time.monotonic() + seconds
    door, codes = _service(folder)
    nothing = {kind: each for kind, each in codes.items() if kind != LIVE}
    compare(door, codes, len(codes) * 50, until)  # what is made once is made
    try:
        both = compare(door, codes, TRIES * len(codes) // len(nothing), until)
    except SoakFailure as failure:
        print(f"  {failure}")
        return 1
    worst, sent = 0.0, 0
    for name, times in zip(("wall", "work"), both, strict=True):
        median = {kind: statistics.median(each) / 1e6 for kind, each in times.items()}
        times.pop(LIVE)
        found = pairs(times)
        for t, one, other in found:
            print(f"  {name}: t = {t:+6.2f}  {one} / {other}")
        print(f"  {name}, medians: " + ", ".join(f"{kind} {ms:.3f} ms" for kind, ms in median.items()))
        worst, sent = max(worst, abs(found[0][0])), sum(map(len, times.values()))
    print(
        f"{sent} codes that open nothing, all answered alike; the largest |t| is {worst:.2f} (bound {BOUND})"
    )
    return int(worst >= BOUND)


def _service(folder: Path) -> tuple[Door, dict[str, list[str]]]:
    from fairnotice.site import init, setup
    from fairnotice.site.config import Config

    data = folder / "data"
    setup.use(data)
    init.run(data, config=Config(), say=lambda text: None)
    import logging

    from fairnotice.cases.actions.submit import submit_notice
    from fairnotice.cases.drafts import ItemDraft, NoticeDraft

    draft = NoticeDraft(
        items=[ItemDraft("https://forum.example.org/post/7")],
        problem="defamation",
        why="It says something false.",
        good_faith=True,
    )
    submit_notice(draft=draft, door="web")
    codes = kinds()
    from fairnotice.site.wsgi import application

    logging.getLogger("fairnotice").setLevel(logging.CRITICAL)  # importing it set up logging anew
    return Door(application), codes


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2])))
