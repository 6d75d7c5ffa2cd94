"""Who opened what: no page of the desk shows a sealed value before it is written down who sees it, and why."""

from __future__ import annotations

import ast
import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fairnotice.cases import opening, openings, sealed
from fairnotice.cases.actions import claim
from fairnotice.cases.actions import openings as clock
from fairnotice.cases.models import CaseInvolved, Opened
from fairnotice.cases.permissions import REVIEWER
from fairnotice.law.openings import ABOUT, ASKED, KINDS, PURPOSES
from fairnotice.vault import sealing
from tests.cases import making
from tests.review.conftest import PLACE_SENTINEL, WHY_SENTINEL
from tests.site.routes import all_routes
from tests.site.test_attack_objects import OF_NO_CASE, SAMPLE, forwarded, refs  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("fn_db")
SOURCE = Path(opening.__file__).parent.parent


def page(case):
    return f"/desk/case/{case.ref}/"


def test_opening_a_case_names_who_which_what_for_and_when(browser, people, case):
    answer = browser("holder").get(page(case))
    assert WHY_SENTINEL in answer.content.decode()
    row = Opened.objects.get()
    assert (row.user_id, row.about, row.ref) == (people["holder"].user_id, "case", case.ref)
    assert (row.role, row.purpose) == (REVIEWER, "triage")
    assert row.kinds == ["network", "place", "report", "words"] or set(row.kinds) >= {"place", "words"}
    assert timezone.now() - row.at < timedelta(minutes=1)


def test_the_same_page_within_the_hour_writes_no_second_row_and_later_it_does(browser, case, monkeypatch):
    holder = browser("holder")
    holder.get(page(case))
    holder.get(page(case))
    assert Opened.objects.count() == 1
    monkeypatch.setattr(openings, "ONE_ROW_FOR", timedelta(0))
    holder.get(page(case))
    assert Opened.objects.count() == 2


def test_another_purpose_is_another_row(browser, people, case):
    holder = browser("holder")
    holder.get(page(case))
    claim.claim(actor=people["holder"], case_ref=case.ref, version=case.version)
    holder.get(page(case))
    assert list(Opened.objects.order_by("id").values_list("purpose", flat=True)) == ["triage", "decide"]


def test_a_case_that_somebody_else_holds_asks_for_a_purpose_first(browser, people, case):
    claim.claim(actor=people["holder"], case_ref=case.ref, version=case.version)
    senior = browser("senior")
    asked = senior.get(page(case))
    assert (asked.status_code, Opened.objects.count()) == (302, 0)
    form = senior.get(asked.url)
    assert WHY_SENTINEL not in form.content.decode() and "sealed-place" not in form.content.decode()
    assert senior.post(asked.url, {"purpose": "because"}).status_code == 422
    assert senior.post(asked.url, {}).status_code == 422
    assert Opened.objects.count() == 0
    done = senior.post(asked.url, {"purpose": "asked", "next": page(case)})
    assert (done.status_code, done.url) == (302, page(case))
    assert Opened.objects.get().kinds == []
    assert WHY_SENTINEL in senior.get(page(case)).content.decode()
    row = Opened.objects.order_by("-id")[0]
    assert (row.purpose, row.role) == ("asked", "senior_reviewer")


def test_the_way_on_never_leads_to_another_site(browser, people, case):
    claim.claim(actor=people["holder"], case_ref=case.ref, version=case.version)
    for target in ("https://evil.example/", "//evil.example/desk/", "/desk/../", "/about/", "javascript:1"):
        sent = {"purpose": "quality", "next": target}
        went = browser("senior").post(f"{page(case)}purpose/", sent)
        assert went.url in (page(case), "/desk/../"), target


def test_where_the_row_cannot_be_written_nothing_is_shown(browser, case, monkeypatch):
    def broken(*_args, **_kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(Opened.objects, "bulk_create", broken)
    client = browser("holder")
    client.raise_request_exception = False
    answer = client.get(page(case))
    assert answer.status_code == 500
    assert WHY_SENTINEL not in answer.content.decode()


@pytest.mark.parametrize("name", ["publisher", "admin", "auditor"])
def test_roles_that_see_no_sealed_field_open_nothing(browser, case, name):
    assert browser(name).get(page(case)).status_code == 200
    assert not Opened.objects.exists()


def test_a_page_that_nobody_writes_down_reads_nothing(people, case):
    token = opening.enter(opening.Desk(people["holder"], "desk-new"))
    try:
        with pytest.raises(opening.Unlogged):
            sealed.read("case", case.ref, "location")
        with pytest.raises(opening.Unlogged):
            sealed.read_many("case", case.ref, ["location"])
        with opening.book() as desk:
            assert desk is not None
            assert sealed.read("case", case.ref, "location") == PLACE_SENTINEL
            assert desk.seen == {("case", case.ref): {"place"}}
            with pytest.raises(opening.Unlogged):
                sealed.read_many("notice", case.items.get().notice.ref, ["email"])
        with pytest.raises(opening.Unlogged):
            sealed.read("case", case.ref, "location")
    finally:
        opening.leave(token)
    assert sealed.read("case", case.ref, "location") == PLACE_SENTINEL, "outside of the desk"


def test_nothing_but_the_one_place_opens_what_is_sealed():
    """Every other use of `sealing.unseal` is of the outbox and of bad lines of an import, which no page shows."""
    allowed = {"cases/sealed.py", "ledger/outbox.py", "answerable/imports/bad.py"}
    found = set()
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith("vault/"):
            continue
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "unseal" in text else ():
            called = getattr(node, "attr", "") if isinstance(node, ast.Attribute) else ""
            if called in ("unseal", "unseal_bytes") or (
                isinstance(node, ast.ImportFrom) and {"unseal", "unseal_bytes"} & {n.name for n in node.names}
            ):
                found.add(name)
    assert found == allowed


def test_every_page_of_the_desk_that_unseals_something_wrote_it_down(browser, people, refs, monkeypatch):  # noqa: F811
    """All routes of the desk as GET, with every reference, by people of every role that sees sealed fields."""
    making.decided(making.notice("https://forum.example.org/10"), people["holder"])
    unsealed = []

    def counting(function):
        def inner(*args, **kwargs):
            unsealed.append(kwargs.get("table"))
            return function(*args, **kwargs)

        return inner

    monkeypatch.setattr(sealing, "unseal", counting(sealing.unseal))
    monkeypatch.setattr(sealing, "unseal_bytes", counting(sealing.unseal_bytes))
    shown = set()
    for who in ("holder", "senior", "appeals"):
        client = browser(who)
        for name, path in all_routes():
            kind = path.split("/")[2] if name.startswith("desk") and SAMPLE in path else ""
            if not name.startswith("desk") or kind in OF_NO_CASE:
                continue
            for ref in refs.get(kind, [SAMPLE]) if kind else [""]:
                before = Opened.objects.count()
                unsealed.clear()
                monkeypatch.setattr(openings, "ONE_ROW_FOR", timedelta(0))
                answer = client.get(path.replace(SAMPLE, ref))
                if unsealed and answer.status_code < 300:
                    shown.add(name)
                    assert Opened.objects.count() > before, (name, who)
                elif answer.status_code >= 300:
                    assert Opened.objects.count() == before, (name, who)
    assert shown >= {"desk-case", "desk-seconds", "desk-measures", "desk-statements", "desk-forwards",
                     "desk-appeal"}, shown  # fmt: skip


def test_the_log_is_for_auditors_and_administrators_and_shows_no_value(browser, people, case):
    browser("holder").get(page(case))
    for name, status in (("holder", 403), ("senior", 403), ("publisher", 403), ("admin", 200)):
        assert browser(name).get("/desk/openings/").status_code == status, name
    text = browser("auditor").get("/desk/openings/").content.decode()
    assert case.ref in text and "desk-holder" in text and "see whether to take it on" in text
    assert "12 months" in text
    for value in (WHY_SENTINEL, "sealed-place"):
        assert value not in text


def test_the_log_narrows_to_a_case_and_a_month_and_comes_as_csv(browser, people, case):
    browser("holder").get(page(case))
    other = making.case_of(making.notice("https://forum.example.org/other"))
    browser("other").get(page(other))
    auditor = browser("auditor")
    only = auditor.get(f"/desk/openings/?ref={case.ref.lower()}").content.decode()
    assert case.ref in only and other.ref not in only
    month = timezone.localdate().strftime("%Y-%m")
    assert case.ref in auditor.get(f"/desk/openings/?month={month}").content.decode()
    assert case.ref not in auditor.get("/desk/openings/?month=2001-12").content.decode()
    wrong = auditor.get("/desk/openings/?month=may")
    assert wrong.status_code == 422 and "2026-03" in wrong.content.decode()
    said = auditor.get("/desk/openings/openings.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(said)))
    assert {row["reference"] for row in rows} == {case.ref, other.ref}
    assert {row["purpose"] for row in rows} == {"triage"}


def test_rows_of_a_case_are_hidden_from_whoever_is_involved_in_it(browser, people, case):
    browser("holder").get(page(case))
    auditor = browser("auditor")
    assert case.ref in auditor.get("/desk/openings/").content.decode()
    CaseInvolved.objects.create(case=case, user_id=people["auditor"].user_id, kind="involved")
    for path in ("", "openings.csv", f"?ref={case.ref}"):
        answer = auditor.get(f"/desk/openings/{path}").content.decode().replace(f'value="{case.ref}"', "")
        assert case.ref not in answer
    # The same bytes as for a case that there is not.
    there, nowhere = (
        re.sub(
            'middlewaretoken" value="[^"]+"', "", auditor.get(f"/desk/openings/?ref={ref}").content.decode()
        ).replace(ref, "REF")
        for ref in (case.ref, "ZZZZZZZZZZZZ")
    )
    assert there == nowhere


def test_rows_are_never_changed_and_young_ones_never_deleted(browser, people, case):
    browser("holder").get(page(case))
    for act in (lambda: Opened.objects.update(purpose="quality"), lambda: Opened.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        clock.forget_openings(now=timezone.now() + timedelta(days=4000))
    row = Opened.objects.get()
    old = timezone.now() - timedelta(days=370)
    Opened.objects.create(
        user_id=row.user_id, role=REVIEWER, about="case", ref=case.ref, purpose="triage", at=old
    )
    young = timezone.now() - timedelta(days=300)
    Opened.objects.create(
        user_id=row.user_id, role=REVIEWER, about="case", ref=case.ref, purpose="triage", at=young
    )
    assert clock.forget_openings(now=timezone.now()) == 1
    assert Opened.objects.count() == 2


def test_the_words_of_the_log_fit_its_columns():
    for words, most in ((ABOUT, 8), (PURPOSES, 12)):
        assert all(0 < len(slug) <= most for slug in words)
    assert set(ASKED) < set(PURPOSES) and "words" in KINDS
