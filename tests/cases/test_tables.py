"""A table comes in line by line: nothing twice, nothing lost, bad lines named; at the desk and by command."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.accounts.models import User
from fairnotice.cases import sealed
from fairnotice.cases.actions import submit, table_runs
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import Notice, Received, SealedValue, TableLine, TableRun
from fairnotice.cases.permissions import Forbidden
from fairnotice.cases.queries import tables as queries
from fairnotice.cases.tables import mapping as mappings
from fairnotice.cases.tables import table as tables
from fairnotice.cases.tables.mapping import Mapping
from fairnotice.intake import table_runner
from fairnotice.ledger.models import Event, OutboxRow
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
HEAD = "url,problem,why,good_faith,email"
GOOD = "https://forum.example.org/{0},defamation,It is false ({0}).,yes,notifier{0}@example.org"


def text(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


def good(*numbers: int) -> list[str]:
    return [GOOD.format(number) for number in numbers]


def guessed(raw: bytes) -> Mapping:
    return mappings.guess(tables.read(raw))


def started(raw: bytes, **more: Any) -> TableRun:
    run, _again = table_runs.keep(actor=None, raw=raw)
    return table_runs.start(actor=None, run=run, mapping=guessed(raw), **more)


def done(raw: bytes, **more: Any) -> TableRun:
    run = started(raw, **more)
    table_runner.go_on()
    run.refresh_from_db()
    return run


def counts(run: TableRun) -> tuple[str, int, int, int]:
    return run.state, run.notices, run.duplicates, run.bad


def test_each_line_becomes_a_notice_of_its_own() -> None:
    run = done(text(*good(1, 2, 3)))
    assert counts(run) == ("done", 3, 0, 0)
    notices = list(Notice.objects.order_by("id"))
    assert [n.door for n in notices] == ["csv"] * 3 and all(n.good_faith for n in notices)
    assert sealed.read("notice", notices[2].ref, "email") == "notifier3@example.org"
    assert not OutboxRow.objects.exists(), "no letter unless asked for"


def test_receipts_are_sent_where_asked_for() -> None:
    done(text(*good(1, 2)), receipts=True)
    assert OutboxRow.objects.filter(kind="notice-received").count() == 2


def test_bad_lines_are_named_with_column_and_rule_and_the_others_come_in() -> None:
    raw = text(
        *good(1),
        "https://forum.example.org/2,nonsense,Why.,yes,",
        "https://forum.example.org/3,defamation,,yes,",
        "https://forum.example.org/4,defamation,Why.,perhaps,",
        ",defamation,Why.,yes,",
        "https://forum.example.org/6,defamation,Why.,no,not an address",
        "https://forum.example.org/7,defamation,Why.,yes,,,,too many",
        *good(8),
    )
    run = done(raw)
    assert counts(run) == ("done", 2, 0, 6)
    said = {bad.number: {(f.column, f.rule) for f in bad.faults} for bad in queries.bad_lines(run)}
    assert said == {
        3: {("problem", "choice")},
        4: {("why", "missing")},
        5: {("good_faith", "choice")},
        6: {("url", "missing")},
        7: {("email", "email"), ("good_faith", "missing")},
        8: {("", "line")},
    }


def test_lines_that_were_not_taken_in_come_out_as_a_table_that_runs_nothing_and_names_nobody() -> None:
    raw = text('=HYPERLINK("x"),nonsense,+why,yes,notifier@example.org', *good(1))
    run = done(raw)
    admin = _client("senior_reviewer")
    answer = admin.get(f"/desk/tables/{run.ref}/lines.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["line"] == "2" and rows[0]["column"] == "problem" and rows[0]["rule"] == "choice"
    assert rows[0]["url"] == '\'=HYPERLINK("x")' and rows[0]["why"] == "'+why"
    assert "notifier@" not in answer.content.decode()


def test_the_same_file_is_the_same_run() -> None:
    raw = text(*good(1, 2))
    run = done(raw)
    assert table_runs.keep(actor=None, raw=raw) == (run, True)
    assert Received.objects.count() == TableRun.objects.count() == 1


def test_a_mended_file_brings_only_what_is_new_and_what_was_decided_may_come_again() -> None:
    done(text(*good(1), "https://forum.example.org/2,nonsense,Why.,yes,"))
    run = done(text(*good(1), "https://forum.example.org/2,defamation,Why.,yes,"))
    assert counts(run) == ("done", 1, 1, 0) and Notice.objects.count() == 2
    first = Notice.objects.order_by("id")[0]
    case = first.items.get().case
    assert case is not None
    making.decided_case(case, making.account("r", "reviewer"))
    assert counts(done(text(*good(1), *good(9))))[:3] == ("done", 2, 0)


def test_a_run_goes_on_where_it_was_stopped_or_killed(monkeypatch) -> None:
    raw = text(*good(*range(1, 8)))
    run = started(raw)
    lines, mapping = tables.read(raw).lines, table_runs.mapping_of(run)
    assert mapping is not None
    table_runs.run_lines(run=run, lines=lines, mapping=mapping, most=3)
    seen = TableRun.objects.get()
    # Killed in the middle of a chunk: nothing of the chunk is there.
    calls: list[int] = []
    real = submit._store

    def dies(*args: Any, **more: Any) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("killed")
        return real(*args, **more)

    monkeypatch.setattr(submit, "_store", dies)
    with pytest.raises(OSError, match="killed"):
        table_runs.run_lines(run=run, lines=lines, mapping=mapping, most=3)
    monkeypatch.undo()
    run.refresh_from_db()
    assert run.position == Notice.objects.count() == TableLine.objects.count() == 3
    table_runs.stop(actor=None, run=run)
    assert table_runner.go_on() == 0
    with pytest.raises((Conflict, Refused)):
        table_runs.run_lines(run=seen, lines=lines, mapping=mapping, most=3)
    table_runs.resume(actor=None, run=run)
    table_runner.go_on()
    run.refresh_from_db()
    assert counts(run) == ("done", 7, 0, 0)
    assert sorted(TableLine.objects.values_list("number", flat=True)) == list(range(2, 9))


def test_a_line_that_breaks_the_program_is_a_bad_line(monkeypatch, caplog) -> None:
    def broken(**more: object) -> None:
        raise RuntimeError("sentinel")

    monkeypatch.setattr(table_runs, "submit_notice", broken)
    run = done(text(*good(1)))
    assert counts(run) == ("done", 0, 0, 1) and "sentinel" not in caplog.text
    assert [f.rule for bad in queries.bad_lines(run) for f in bad.faults] == ["failed"]


def test_nothing_of_a_table_is_stored_in_the_clear() -> None:
    raw = text("https://sentinel-place.example.org/1,sentinel-problem,sentinel-why,yes,sentinel@example.org")
    run = done(raw)
    table_runs.save_mapping(actor=None, name="A shop watch", mapping=Mapping({"location": "sentinel-column"}))
    rows = repr([list(model.objects.values()) for model in (TableRun, TableLine, Received, Event)])
    blobs = b"".join(bytes(blob) for blob in SealedValue.objects.values_list("blob", flat=True))
    assert "sentinel" not in rows and b"sentinel" not in blobs and run.bad == 1


def test_json_lines_in_the_shape_of_our_own_interface_and_flat_ones() -> None:
    own = {
        "items": [{"location": "https://a.example.org/1", "note": "top"}, "https://a.example.org/2"],
        "problem": "scam",
        "why": "A false shop.",
        "good_faith": True,
    }
    flat = {"url": "https://b.example.org/", "problem": "scam", "why": "False.", "good_faith": True}
    raw = "\n".join([json.dumps(own), "", json.dumps(flat), "[1]", "{"]).encode()
    run = done(raw)
    assert counts(run) == ("done", 2, 0, 2)
    first = Notice.objects.order_by("id")[0]
    assert (first.door, first.items.count()) == ("jsonl", 2)
    assert [bad.number for bad in queries.bad_lines(run)] == [4, 5]


def test_a_list_of_a_program_needs_no_confirmation_and_one_of_people_does() -> None:
    raw = b"url;threat\nhttps://a.example.org/;phishing\n"
    run, _again = table_runs.keep(actor=None, raw=raw)
    reason = {"why": "A list of phishing pages names it."}
    people = Mapping({"location": "url", "problem": "threat"}, reason)
    with pytest.raises(Invalid) as caught:
        table_runs.start(actor=None, run=run, mapping=people)
    assert [fault.path for fault in caught.value.faults] == ["good_faith"]
    table_runs.start(actor=None, run=run, mapping=Mapping(people.columns, reason, machine=True))
    table_runner.go_on()
    notice = Notice.objects.get()
    assert (notice.good_faith, notice.source_type) == (None, "SOURCE_TYPE_OTHER_NOTIFICATION")
    # Nobody can confirm for all of them at once.
    faults = mappings.check_mapping(
        Mapping(people.columns, {**reason, "good_faith": "yes"}), tables.read(raw)
    )
    assert {fault.path for fault in faults} == {"good_faith"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"url,why\n", "no line"),
        (b"url,url\na,b\n", "same name"),
        (b"url,,why\na,b,c\n", "name every column"),
        ("url,why\nhttps://a.example/é,x".encode("latin-1"), "Line 2 is not text in UTF-8"),
        (b'url,why\n"a,b\n' + b"x" * 200_000, "Line"),
    ],
)
def test_what_is_no_table_is_refused_in_words(raw: bytes, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        table_runs.keep(actor=None, raw=raw)
    assert said in caught.value.faults[0].message and not Received.objects.exists()


def test_spreadsheets_of_other_countries_are_read() -> None:
    rows = 'url;why;note\r\nhttps://a.example/;"Two\r\nlines";é\r\n'
    for raw in (rows.encode("utf-8-sig"), rows.encode("utf-16"), rows.replace(";", "\t").encode()):
        (line,) = tables.read(raw).lines
        assert line.cells == {"url": "https://a.example/", "why": "Two\r\nlines", "note": "é"}
        assert line.number == 2


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_table_or_none(raw: bytes) -> None:
    try:
        table = tables.read(raw)
    except tables.NoTable:
        return
    mapping = mappings.guess(table)
    for line in table.lines:
        draft, faults = mappings.draft_of(mapping, line)
        assert faults or draft.items


def _client(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=making.account(f"somebody-{role}", role).user_id))
    return client


def _paste(client: Client, raw: bytes):
    return client.post("/desk/tables/", {"table": raw.decode()})


def test_the_desk_takes_a_table_from_paste_to_its_lines() -> None:
    senior = _client("senior_reviewer")
    assert "The table is empty" in senior.post("/desk/tables/").content.decode()
    bad = _paste(senior, b"url,url\na,b")
    assert bad.status_code == 422 and "same name" in bad.content.decode()
    raw = text(*good(1, 2), "https://forum.example.org/3,nonsense,Why.,yes,")
    page = senior.get(_paste(senior, raw)["Location"])
    address = page.request["PATH_INFO"]
    assert '<option value="url" selected>' in page.content.decode(), "columns are guessed"
    chosen = {"source": "people", "column_location": "url", "column_problem": "problem", "column_why": "why"}
    missing = senior.post(address + "start/", chosen)
    assert missing.status_code == 422 and "in which each sender confirms" in missing.content.decode()
    chosen |= {"column_good_faith": "good_faith", "column_email": "email", "keep_as": "A shop watch"}
    seen = senior.post(address + "start/", {**chosen, "step": "preview"}).content.decode()
    assert "hxxps://forum[.]example[.]org/1" in seen and "There is no such kind of problem" in seen
    assert "notifier1@example.org" not in seen and not Notice.objects.exists()
    assert senior.post(address + "start/", {**chosen, "step": "start"}).status_code == 302
    assert "0 of 3 lines" in senior.get(address).content.decode()
    table_runner.go_on()
    last = senior.get(address).content.decode()
    assert "3 of 3 lines" in last and "nonsense" not in last
    assert Notice.objects.count() == 2
    assert {event.actor_id for event in Event.objects.filter(kind="notice.submitted")} != {None}
    # What was chosen can be used for the next list.
    other = senior.get(_paste(senior, text(*good(7)))["Location"]).content.decode()
    assert "A shop watch" in other
    assert senior.post(address + "act/", {"act": "stop"}).status_code == 409


def test_a_table_can_be_put_away_and_only_a_senior_reviewer_sees_one() -> None:
    senior = _client("senior_reviewer")
    address = _paste(senior, text(*good(1)))["Location"]
    assert senior.post(address + "act/", {"act": "resume"}).status_code == 409
    assert senior.post(address + "act/", {"act": "drop"}).status_code == 302
    assert TableRun.objects.get().state == "dropped" and not Notice.objects.exists()
    for role in ("reviewer", "administrator", "auditor", "publisher", "appeals_reviewer"):
        assert _client(role).get(address).status_code in (403, 404)
        with pytest.raises(Forbidden):
            table_runs.keep(actor=making.account(role, role), raw=text(*good(2)))
    assert senior.get("/desk/tables/ABSENT/").status_code == 404
