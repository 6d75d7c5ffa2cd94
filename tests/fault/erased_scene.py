"""A folder in which people wrote through every kind of door, and years later; run as a program by `test_erased`."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from fairnotice.site.setup import prepare

prepare()

from django.apps import apps  # noqa: E402 - needs the program to be ready
from django.conf import settings  # noqa: E402
from django.db import connections, models  # noqa: E402
from django.utils import timezone  # noqa: E402

from fairnotice.answerable.imports import bad  # noqa: E402
from fairnotice.answerable.imports.shape import BadLine  # noqa: E402
from fairnotice.answerable.models import ImportBadLine, ImportRun  # noqa: E402
from fairnotice.cases import codes, sealed, subscribing  # noqa: E402
from fairnotice.cases.actions import (  # noqa: E402
    clock,
    decide,
    filing,
    hold,
    inform,
    own_data,
    receive,
    received_desk,
    retention,
    subscribers,
    table_runs,
    withdraw,
)
from fairnotice.cases.drafts import ItemDraft, NoticeDraft  # noqa: E402
from fairnotice.cases.models import (  # noqa: E402
    Case,
    Erasure,
    ErasureOpen,
    Filing,
    ForwardLetter,
    Measure,
    Statement,
    Subscriber,
)
from fairnotice.cases.permissions import Actor  # noqa: E402
from fairnotice.cases.tables import table as tables  # noqa: E402
from fairnotice.ledger import sequencer  # noqa: E402
from fairnotice.ledger.models import Event  # noqa: E402
from fairnotice.vault import keys  # noqa: E402
from tests.answerable import register  # noqa: E402
from tests.cases import file_acts, making, network, table_acts  # noqa: E402
from tests.retention.gone import whole  # noqa: E402

STEM = "Zqvkx"
OURS = ("cases", "ledger", "vault", "accounts", "answerable")


def word(name: str) -> str:
    return f"{STEM}{name}"


def write() -> None:
    """Every kind of door, every kind of text."""
    register.plant("sealed-place.example.org", "HOST-1", kind="hosting")
    register.contact("HOST-1", network.HOST_DESK)
    made = whole(f"https://{word('place')}.example.org/1")
    access = codes.find(made.submitted.code)
    assert access is not None
    own_data.correct(access=access, words=word("correction"))
    own_data.ask(access=access, words=word("wish"))
    mail = f"From: {word('sender')}@example.org\r\nSubject: {word('subject')}\r\n\r\n{word('body')}".encode()
    received, _new = receive.receive(door="mail", raw=mail)
    draft = NoticeDraft(
        items=[ItemDraft(f"https://{word('mailed')}.example.org/", word("note"))],
        problem="defamation",
        why=word("why"),
        name=word("name"),
        email=f"{word('mail')}@example.org",
        good_faith=True,
    )
    receive.settle_notice(received=received, draft=draft, machine=False)
    other, _new = receive.receive(door="mail", raw=mail + b" again")
    receive.settle_waiting(received=other, reason="no-words", draft=draft, detail=word("detail"))
    received_desk.dismiss(actor=made.reviewer, received_ref=other.ref, why=word("dismissed"))
    making.forwarded(f"https://{word('forwarded')}.example.org/9")
    making.notice(f"https://{word('filed')}.example.org/", files=[file_acts.handle(word("file"))])
    assert any(Path(settings.FN_DATA, "files").rglob("*"))
    sent = making.notice("https://sealed-place.example.org/post/7", name=word("asked"))
    network.confirmed(sent, "HOST-1")
    network.unread_letter(network.of("HOST-1"))
    bad_line()
    run = table_acts.started()
    lines, mapping = tables.read(table_acts.RAW).lines, table_runs.mapping_of(run)
    assert mapping is not None
    while table_runs.run_lines(run=run, lines=lines, mapping=mapping):
        run.refresh_from_db()
    back = making.notice(f"https://{word('back')}.example.org/", name=word("backname"))
    access = codes.find(back.code)
    assert access is not None
    withdraw.withdraw_notice(access=access)
    senior = making.account("a senior reviewer", "senior_reviewer")
    hold.begin(
        first=made.reviewer.user_id,
        actor=senior,
        case_ref=made.case.ref,
        reason="court",
        until=timezone.localdate() + timedelta(days=40),
        words=word("hold"),
    )
    for case in Case.objects.filter(state="open"):
        reach = decide.Reach("email", email=f"{word('author')}@example.net")
        decision = making.decided_case(case, senior, reach=reach, facts=word("facts"))
        for statement in Statement.objects.filter(decision=decision, status__dispatched_at=None):
            inform.dispatched(statement_ref=statement.ref)
    for measure in Measure.objects.select_related("status"):
        measure.status.effect = "confirmed"
        measure.status.save()
    ForwardLetter.objects.update(handled_at=timezone.now())
    readers()
    filed(senior)
    sequencer.run_once()


def readers() -> None:
    """Somebody who said yes to the monthly report, somebody who never answered, and somebody just asked for."""
    now = timezone.now()
    for name in ("reader", "silent"):
        subscribing.remember(address=f"{word(name)}@example.org", now=now)
    subscribing.sort_new(now=now)
    first = Subscriber.objects.order_by("pk")[0]
    subscribers.confirm_subscription(token=sealed.read("subscriber", first.ref, "token") or "")
    subscribing.remember(address=f"{word('new')}@example.org", now=now)


def filed(senior: Actor) -> None:
    """A statement that a person wrote anew for the EU database, and one with what it said."""
    filing.prepare(place="sandbox", now=timezone.now())
    first, second = Filing.objects.filter(state="queued").order_by("pk")[:2]
    Filing.objects.filter(pk=first.pk).update(state="held", reason="personal")
    filing.release(
        actor=senior,
        filing_ref=first.ref,
        version=first.version,
        facts=word("version"),
        explanation=word("explained"),
        reason=word("reason"),
    )
    Filing.objects.filter(pk=second.pk).update(state="sending", call="a")
    filing.rejected(filing_ref=second.ref, call="a", said=word("said"))


def bad_line() -> None:
    """An import with a line that did not go in."""
    now = timezone.now()
    run = ImportRun.objects.create(
        digest="0" * 64, format="csv", source="a file", as_of=now, state="done", started_at=now,
        finished_at=now, key_id=keys.new_key("subject"),
    )  # fmt: skip
    line = BadLine(3, word("line"), "It cannot be read.")
    ImportBadLine.objects.bulk_create(bad.sealed(run, run.key_id, 1, [line]))


def years_later() -> None:
    """The clock of three years, looked at each time."""
    now = timezone.now()
    for day in (1, 35, 200, 400, 600, 1100):
        at = now + timedelta(days=day)
        clock.close_finished(now=at)
        retention.clock_is_right(actor=None, now=at)
        retention.run(now=at)
        subscribing.forget(now=at)
    for reader in Subscriber.objects.filter(state="confirmed"):
        subscribers.end_subscription(token=sealed.read("subscriber", reader.ref, "token") or "")
    sequencer.run_once()


def bytes_of() -> dict[str, list[str]]:
    """Every byte column, in hexadecimal; of keys only those that open what a person wrote."""
    found: dict[str, list[str]] = {}
    for model, column in columns(models.BinaryField):
        rows = model._default_manager.exclude(**{column: None})
        if model._meta.label == "vault.Key":
            rows = rows.filter(kind="subject")
        values = [bytes(value).hex() for value in rows.values_list(column, flat=True)]
        found[f"{model._meta.label}.{column}"] = values
    return found


def texts_of() -> dict[str, list[str]]:
    """Every text and JSON column that holds a word of somebody."""
    found: dict[str, list[str]] = {}
    for kind in (models.CharField, models.TextField, models.JSONField):
        for model, column in columns(kind):
            rows = model._default_manager.filter(**{f"{column}__icontains": STEM})
            said = [str(value) for value in rows.values_list(column, flat=True)]
            if said:
                found[f"{model._meta.label}.{column}"] = said
    return found


def columns(kind: type[models.Field[Any, Any]]) -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.name)
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.get_fields()
        if isinstance(field, kind)
    ]


def cut_off(at: int) -> None:
    """Kill this process, as kill -9 does, before its `at`th statement to either database."""
    seen = itertools.count(1)

    def wrap(execute: Any, *call: Any) -> Any:
        if next(seen) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*call)

    for connection in connections.all():
        connection.execute_wrappers.append(wrap)


def main(act: str, where: str) -> None:
    """`write` and `look` put what they see into a file; `erase` is killed at a statement, or never (0)."""
    if act == "erase":
        cut_off(int(where))
        years_later()
        return
    if act == "write":
        write()
    seen = {"bytes": bytes_of(), "texts": texts_of(), "erasures": Erasure.objects.count()}
    seen["events"] = Event.objects.filter(kind="erasure").count()
    seen["unfinished"] = ErasureOpen.objects.count()
    Path(where).write_text(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
