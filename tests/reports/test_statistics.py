"""The public statistics: from the database to the page, the CSV and the JSON."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases.figures import public, words
from fairnotice.cases.queries import statistics_orders, statistics_public
from fairnotice.law.suppression import FEW
from fairnotice.review.views import statistics as desk_view
from tests.reports.past import FRAUD, HARM, LABEL, SPEECH, Past, at

pytestmark = pytest.mark.usefixtures("fn_db")
TODAY = datetime(2026, 7, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch):
    """Nothing is remembered of another test; it is 20 July 2026."""
    statistics_public.forget()
    monkeypatch.setattr(timezone, "now", lambda: TODAY)
    yield
    statistics_public.forget()


@pytest.fixture
def past() -> Past:
    """The first half of 2026, made on another day: what came in on the day of the test itself is in no period."""
    made = Past()
    for month in range(1, 7):
        when = at(2026, month)
        made.notices(30 + month, when, language="en")
        made.notices(12 if month < 6 else 90, when, category=FRAUD, language="de")
        made.notices(3, when, category=HARM, door="json", language="fr")
        made.notices(1, when, category="STATEMENT_CATEGORY_VIOLENCE", language="=1+1")
        made.decisions(12, when, hours=5)
        made.decisions(13, when, hours=60, category=FRAUD, kind=LABEL)
        made.decisions(10, when, hours=700, no_action=True)
        made.appeals(3, when)
        made.appeals(2, when, "reversed")
    return made


def rows(client: Client, path: str) -> dict[str, dict[str, dict[str, str]]]:
    """table -> row -> column -> value or state, as the CSV says."""
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Access-Control-Allow-Origin"] == "*"
    found: dict[str, dict[str, dict[str, str]]] = {}
    for line in csv.DictReader(io.StringIO(answer.content.decode())):
        value = line["value"] if line["state"] == "shown" else line["state"]
        found.setdefault(line["table"], {}).setdefault(line["row"], {})[line["column"]] = value
    return found


def test_a_new_instance_says_so_on_every_page(client: Client) -> None:
    for path in ("/statistics/", *(f"/statistics/{name}/" for name in words.SUBJECTS)):
        answer = client.get(path)
        assert answer.status_code == 200 and b'class="empty"' in answer.content, path
    assert client.get("/statistics/notices.json").json()["tables"] == []
    assert client.get("/statistics/notices.csv").content.decode().splitlines() == [
        "table,row,row_label,column,column_label,value,state"
    ]
    for path in ("/statistics/nothing/", "/statistics/nothing.json", "/statistics/people.csv"):
        assert client.get(path).status_code == 404


def test_what_is_counted(client: Client, past: Past) -> None:
    found = rows(client, "/statistics/notices.csv")
    assert found["notices-over-time"]["2026-02"] == {"count": "48"}
    by = found["notices-by-category"]
    assert by[SPEECH] == {"2026-Q1": "96", "2026-Q2": "105", "together": "201"}
    assert by[FRAUD] == {"2026-Q1": "36", "2026-Q2": "114", "together": "150"}
    assert HARM not in by and by["others"]["2026-Q2"] == "12"
    # Somebody's own "language" is nothing to publish.
    assert "=1+1" not in client.get("/statistics/notices/").content.decode()

    found = rows(client, "/statistics/decisions.csv")
    assert found["decisions-by-result"] == {
        "measure": {"2026-Q1": "90", "2026-Q2": "90", "together": "180"},
        "none": {"2026-Q1": "30", "2026-Q2": "30", "together": "60"},
    }
    found = rows(client, "/statistics/measures.csv?year=2026")
    assert found["measures-by-kind"][LABEL]["together"] == "78"

    found = rows(client, "/statistics/appeals.csv")
    assert found["answers-by-outcome"] == {"upheld": {"2026-H1": "18"}, "reversed": {"2026-H1": "12"}}
    after = {row: cells["count"] for row, cells in found["after-appeal"].items()}
    assert after["decisions"] == "240" and after["appeals"] == "30" and after["restored"] == "12"

    spread = rows(client, "/statistics/time.csv")
    assert {row: c["count"] for row, c in spread["time-spread"].items() if c["count"] != "0"} == {
        "2-3": "51",
        "6-7": "39",
        "10-11": "30",
    }
    assert spread["time-by-period"]["2026-Q2"]["count"] == "120"
    assert spread["time-by-period"]["2026-Q2"]["half"] == "48-72"


def test_no_small_number_stands_on_any_page_or_in_any_file(client: Client, past: Past) -> None:
    for name in words.SUBJECTS:
        for query in ("", "?year=2026", f"?category={HARM}", f"?category={FRAUD}", "?language=DE"):
            answer = client.get(f"/statistics/{name}.json{query}")
            if answer.status_code == 400:
                assert set(answer.json()["faults"]) <= {"category", "language", "year"}
                continue
            for table in answer.json()["tables"]:
                if table["table"] == "trends":
                    continue
                for row in table["rows"]:
                    assert not [v for v in row["values"] if isinstance(v, (int, float)) and 0 < v < FEW], (
                        table
                    )
            page = client.get(f"/statistics/{name}/{query}").content.decode()
            assert not re.findall(r'<td class="number[^"]*">[1-9]</td>', page) or name == "trends"


def test_one_thing_at_a_time_and_clear_words_for_what_is_not_understood(client: Client, past: Past) -> None:
    page = client.get(f"/statistics/notices/?category={FRAUD}&language=DE&year=1999").content.decode()
    assert "Only one of these" in page and "no figures of such a year" in page
    assert "Notices received, over time: Scams and/or fraud" in page and "by: Source" not in page
    answer = client.get("/statistics/notices.json?category=NONSENSE&x=1&year=0&table=notices-by-door")
    assert answer.status_code == 400 and set(answer.json()["faults"]) == {"category", "x", "year"}
    assert answer.json()["faults"]["x"].endswith("These are: year, category, source, language, table")
    two = f"?category={FRAUD}&source=SOURCE_VOLUNTARY"
    assert "Shown is the first." in client.get(f"/statistics/notices/{two}").content.decode()
    refused = client.get(f"/statistics/notices.json{two}")
    assert refused.status_code == 400 and "Shown" not in refused.json()["faults"]["source"]
    answer = client.get("/statistics/notices.json?table=nothing")
    assert answer.status_code == 400 and "notices-by-door" in answer.json()["faults"]["table"]
    one = client.get("/statistics/notices.json?table=notices-by-door&year=2026").json()
    assert [table["table"] for table in one["tables"]] == ["notices-by-door"]
    assert one["format"] == "fair-notice-statistics/1" and one["filters"] == {"year": "2026"}
    assert one["until"] == "2026-07-01" and one["suppression"]["few"] == FEW
    assert client.post("/statistics/notices/").status_code == 405


def test_a_period_appears_two_weeks_after_it_ended_and_then_stays_as_it_is(
    client: Client, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = statistics_public.release(date(2026, 7, 14))
    assert [one.period.key for one in early.of("notices")] == ["2026-Q1"] and not early.of("appeals")
    late = statistics_public.release(date(2026, 7, 15))
    assert [one.period.key for one in late.of("notices")] == ["2026-Q1", "2026-Q2"]
    assert [one.period.key for one in late.of("appeals")] == ["2026-H1"]
    assert late.of("notices")[0] == early.of("notices")[0]
    past.notices(500, at(2026, 8))
    statistics_public.forget()
    assert statistics_public.release(date(2026, 10, 30)).of("notices")[:2] == late.of("notices")


def test_a_release_is_counted_once(past: Past, django_assert_num_queries) -> None:
    with django_assert_num_queries(7):
        first = statistics_public.release()
    with django_assert_num_queries(0):
        assert statistics_public.release() is first


def test_what_rises_is_named_with_the_rule(client: Client, past: Past) -> None:
    for month in range(1, 13):
        past.notices(40, at(2025, month), category=FRAUD)
        past.notices(30, at(2025, month))
        past.notices(30, at(2025, month), category=HARM)
    past.notices(400, at(2026, 6), category=FRAUD)
    found = rows(client, "/statistics/trends.csv")["trends"]
    assert found[FRAUD]["trend"] == "rising" and found[SPEECH]["trend"] == "steady"
    page = client.get("/statistics/trends/").content.decode()
    assert "median of the periods before" in page and "do not mean that more is wrong" in page


def test_a_register_of_orders_fills_its_page(
    client: Client, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"not recorded here yet" in client.get("/statistics/orders/").content
    counts = [
        statistics_orders.OrderCount("2026-02", "AT", "A court", "act", 11),
        statistics_orders.OrderCount("2026-03", "IE", "=A regulator", "act", 12),
        statistics_orders.OrderCount("2026-03", "FR", "Another court", "inform", 4),
    ]
    monkeypatch.setattr(statistics_orders, "source", lambda _since, _until: counts)
    statistics_public.forget()
    found = rows(client, "/statistics/orders.csv")
    assert found["orders-over-time"]["2026-H1"]["count"] == "27"
    # France's four would be the total without the other two.
    assert found["orders-by-state"] == {"IE": {"2026-H1": "12"}, "others": {"2026-H1": "15"}}
    assert "'=A regulator" in found["orders-by-authority"]
    assert "Ireland" in client.get("/statistics/orders/").content.decode()


def test_the_views_are_of_nobody() -> None:
    """Never a figure of a person: neither page knows a parameter or a part that names one."""
    from fairnotice.cases.queries.statistics import CODES

    parts = {*CODES, "month", "step"}
    assert parts.isdisjoint(
        {"notifier", "reviewer", "decided_by", "actor", "user", "client", "account", "name"}
    )
    assert {*desk_view.DIMS, *public.NARROW} <= parts
