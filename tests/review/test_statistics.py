"""Statistics at the desk: exact, narrowed by several things at once, of nobody, and without what somebody must not see."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils import timezone

from fairnotice.cases.figures import words
from fairnotice.cases.models import Case, CaseInvolved
from fairnotice.cases.permissions import ROLES
from tests.cases import making
from tests.reports.past import FRAUD, SPEECH, Past


@pytest.fixture
def past(fn_db: None) -> Past:
    made, now = Past(), timezone.now()
    made.notices(4, now, language="EN")
    made.notices(3, now, category=FRAUD, language="de", source_type="SOURCE_TRUSTED_FLAGGER")
    for hours in (1.5, 2.0, 30.0):
        made.decisions(1, now, hours=hours)
    made.decisions(2, now, hours=100, category=FRAUD, no_action=True)
    made.appeals(2, now, "reversed", category=FRAUD)
    return made


def tables(client, path: str) -> dict[str, dict[str, list[str]]]:
    answer = client.get(path)
    assert answer.status_code == 200
    found: dict[str, dict[str, list[str]]] = {}
    for line in csv.DictReader(io.StringIO(answer.content.decode())):
        found.setdefault(line["table"], {}).setdefault(line["row"], []).append(line["value"])
    return found


def test_every_role_sees_every_page_and_nobody_else_does(people, browser, client) -> None:
    for name in words.SUBJECTS:
        path = f"/desk/statistics/{name}/"
        assert client.get(path).status_code in (302, 403, 404)
        assert browser("auditor").get(path).status_code == 200
        assert browser("holder").get(path).status_code == 200
    assert len(ROLES) == 6 and browser("admin").get("/desk/statistics/").status_code == 302
    for path in ("/desk/statistics/people/", "/desk/statistics/notices.exe", "/desk/statistics/people.csv"):
        assert browser("holder").get(path).status_code == 404


def test_exact_numbers_and_filters_together(people, browser, past: Past) -> None:
    desk, month = browser("holder"), f"{timezone.now():%Y-%m}"
    found = tables(desk, "/desk/statistics/notices.csv")
    assert found["notices-over-time"][month] == ["8"] and len(found["notices-over-time"]) == 13
    assert found["notices-by-category"] == {SPEECH: ["5", "0.625"], FRAUD: ["3", "0.375"]}
    assert found["notices-by-language"]["UND"][0] == "1"
    found = tables(
        desk, f"/desk/statistics/notices.csv?category={FRAUD}&language=DE&source=SOURCE_TRUSTED_FLAGGER"
    )
    assert found["notices-over-time"][month] == ["3"] and "notices-by-category" not in found
    assert "notices-by-door" in found
    page = desk.get(f"/desk/statistics/notices/?category={SPEECH}&language=DE&year=1990").content.decode()
    assert "There is nothing of this" in page and "no figures of such a year" in page

    found = tables(desk, f"/desk/statistics/decisions.csv?year={month[:4]}")
    assert {row: cells[0] for row, cells in found["decisions-by-result"].items()} == {
        "measure": "6",
        "none": "2",
    }


def test_how_long_it_took_and_what_became_of_it(people, browser, past: Past) -> None:
    desk = browser("senior")
    found = tables(desk, "/desk/statistics/time.csv?category=" + FRAUD)
    assert found["time-by-month"]["all"] == ["4", "5.0", "100.0"]
    assert "time-by-category" not in found and found["time-spread"]["2-3"] == ["2"]
    found = tables(desk, "/desk/statistics/appeals.csv?category=" + FRAUD)
    after = {row: cells[0] for row, cells in found["after-appeal"].items()}
    assert after["decisions"] == "4" and after["appealed"] == after["appeals"] == after["reversed"] == "2"
    assert after["restored"] == "2" and after["waiting"] == after["withdrawn"] == "0"
    assert desk.get("/desk/statistics/appeals.json?table=after-appeal").json()["suppression"] is None


def test_what_does_not_exist_for_somebody_is_not_counted_for_them(people, browser, past: Past) -> None:
    making.notice("https://forum.example.org/staff", staff_involved=True)
    kept = Case.objects.get(pk=past.decision.case_id)
    CaseInvolved.objects.create(case=kept, user_id=people["holder"].user_id)
    month = f"{timezone.now():%Y-%m}"

    def seen(name: str, subject: str) -> str:
        return tables(browser(name), f"/desk/statistics/{subject}.csv")[f"{subject}-over-time"][month][0]

    assert [seen(name, "notices") for name in ("holder", "other", "senior")] == ["7", "8", "9"]
    assert [seen(name, "decisions") for name in ("holder", "other")] == ["7", "8"]
    assert [seen(name, "measures") for name in ("holder", "other")] == ["5", "6"]
