"""The register for programs: the shape that docs/register-json.md promises."""

from __future__ import annotations

from pathlib import Path

from django.test import Client

from fairnotice.cases.models import PublicEntry
from fairnotice.register import filters
from tests.register.entries import Desk
from tests.register.test_list import copies

DOCS = Path(__file__).resolve().parents[2] / "docs" / "register-json.md"


def test_walking_by_the_next_links_meets_every_entry_once(client: Client, desk: Desk) -> None:
    copies(desk.publish(), 49)
    url: str | None = "/register.json?ground=law"
    seen: list[str] = []
    while url:
        answer = client.get(url.removeprefix("http://127.0.0.1:8000")).json()
        seen += [entry["ref"] for entry in answer["entries"]]
        assert answer["filters"] == {"ground": "law"}
        url = answer["next"]
    assert sorted(seen) == sorted(PublicEntry.objects.values_list("ref", flat=True))


def test_other_sites_may_read_it_and_a_cache_may_keep_it_shortly(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    for path in ("/register.json", f"/register/{entry.ref}.json", f"/register/{entry.ref}/proof/"):
        answer = client.get(path)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "public, max-age=60"
        assert not answer.cookies


def test_a_filter_that_is_not_understood_is_refused(client: Client, desk: Desk) -> None:
    desk.publish()
    answer = client.get("/register.json?category=NONSENSE&mesure=x")
    assert answer.status_code == 400
    assert set(answer.json()["faults"]) == {"category", "mesure"}
    assert client.get("/register.json?page=2").status_code == 404


def test_links_of_an_entry_lead_to_it(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    links = client.get("/register.json").json()["entries"][0]["links"]
    for name in ("page", "json", "proof"):
        assert client.get(links[name].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert links["page"].endswith(f"/register/{entry.ref}/")


def test_every_field_and_filter_is_described(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    answer = client.get(f"/register/{entry.ref}.json").json()
    described = DOCS.read_text("utf-8")
    names = {
        *client.get("/register.json").json(),
        *answer,
        *answer["entry"],
        *answer["log"],
        *answer["log"]["logs"][0],
        *answer["log"]["records"][0],
        *filters.PARAMETERS,
    }
    assert [name for name in sorted(names) if f"`{name}`" not in described] == []
