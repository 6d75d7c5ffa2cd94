"""Durable appends as the site does them: Django, its tables and triggers, real leaves, the sequencer."""

from __future__ import annotations

import time
from pathlib import Path


def install(folder: Path) -> None:
    """An installation of its own in `folder`, in use by this process. To be called once."""
    from fairnotice.site import init
    from fairnotice.site.config import Config

    config = Config(
        operator_name="Example Forum (bench)",
        operator_contact="contact@forum.example.org",
        base_url="http://127.0.0.1:8000",
        log_origin="127.0.0.1:8000/log",
        mail_from="notices@forum.example.org",
    )
    init.run(folder, config=config, say=lambda *_: None)


class SiteLog:
    """Rounds of the sequencer, each with so many events waiting."""

    def __init__(self, batch: int) -> None:
        self._batch = batch

    def once(self) -> tuple[int, float]:
        """Ten entries or one round; entries, and the seconds that they took. Writing the events is not
        counted."""
        from django.db import transaction

        from fairnotice.ledger.append import append
        from fairnotice.ledger.sequencer import run_once

        entered, seconds = 0, 0.0
        for _ in range(max(1, 10 // self._batch)):
            with transaction.atomic():
                for number in range(self._batch):
                    append(kind="tally.made", open={"number": number})
            start = time.perf_counter()
            entered += run_once()
            seconds += time.perf_counter() - start
        if entered != max(10, self._batch):
            raise RuntimeError(f"{entered} entries instead of {max(10, self._batch)}")
        return entered, seconds
