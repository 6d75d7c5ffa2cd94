"""Ways in: each door's address and how it does; what another site can copy; the pointer for machines."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Received
from fairnotice.cases.ways_in import WAYS
from fairnotice.intake import well_known
from fairnotice.law.doors import DOORS
from tests.cases import making
from tests.cases.received_acts import arrived, held
from tests.intake.filling import fields_of
from tests.review.reading import text

PAGE = Path(__file__).resolve().parents[2] / "docs" / "well-known.md"


def health(client, title: str) -> str:
    page = text(client.get("/desk/ways-in/"))
    row = re.search(rf"<tr>\s*<th[^>]*>{title}</th>.*?</tr>", page, re.DOTALL)
    assert row is not None
    return row[0]


def test_everybody_at_the_desk_sees_every_way_and_its_address(browser, fn_db, settings):
    settings.FN_BASE_URL = "https://notices.example.org"
    for name in ("holder", "admin", "auditor", "publisher"):
        page = text(browser(name).get("/desk/ways-in/"))
        assert "https://notices.example.org/report/" in page
        assert "https://notices.example.org/api/v1/notices" in page
    assert browser("admin").head("/desk/ways-in/").status_code == 200
    assert browser("admin").post("/desk/ways-in/").status_code == 405


def test_a_closed_door_says_which_setting_opens_it(browser, fn_db, settings):
    client = browser("admin")
    settings.FN_PEERS = []
    assert "<code>peers</code>" in health(client, "Other services, which forward")
    settings.FN_PEERS = [{"url": "https://forum.example.org/api/v1", "token_file": "none"}]
    assert "/api/v1/forwards" in health(client, "Other services, which forward")


def test_the_doors_of_mail_and_of_other_platforms_show_where_they_are(browser, fn_db, settings):
    settings.FN_BASE_URL = "https://notices.example.org"
    client = browser("auditor")
    page = text(client.get("/desk/ways-in/"))
    for switch in ("lmtp_listen", "imap_host", "flag_inbox", "services"):
        assert f"<code>{switch}</code>" in page
    settings.FN_LMTP_LISTEN = "127.0.0.1:8024"
    settings.FN_IMAP = {**settings.FN_IMAP, "host": "mail.example.org", "user": "abuse@example.org"}
    settings.FN_FLAG_INBOX = True
    settings.FN_SERVICES = [
        {"name": name, "kind": kind, "secret_file": "none"}
        for name, kind in (("first", "mastodon"), ("second", "mastodon"), ("board", "discourse"))
    ]
    page = text(client.get("/desk/ways-in/"))
    for address in (
        "127.0.0.1:8024",
        "abuse@example.org (mail.example.org, INBOX)",
        "https://notices.example.org/ap/inbox",
        "https://notices.example.org/hooks/mastodon/first/\nhttps://notices.example.org/hooks/mastodon/second/",
        "https://notices.example.org/hooks/discourse/board/",
    ):
        assert address in page


def test_how_a_door_does_is_said_in_words(browser, fn_db, monkeypatch):
    way = WAYS[0].__class__("mail", "Mail", lambda: "abuse@host.example")
    monkeypatch.setattr("fairnotice.review.views.ways_in.WAYS", (way,))
    client = browser("admin")
    assert "Nothing has come through yet." in health(client, "Mail")
    received = arrived()
    assert "Open and working." in health(client, "Mail")
    Received.objects.update(received_at=timezone.now() - timedelta(minutes=11))
    assert "1 lie unread for more than ten minutes" in health(client, "Mail")
    receive.settle_waiting(received=received, reason="failed")
    assert "The program failed at some of them, which wait for a person: 1." in health(client, "Mail")
    Received.objects.filter(pk=received.pk).update(state="filed")
    receive.settle_held(received=receive.receive(door="mail", raw=b"2")[0], reason="flood")
    assert "Held back until a person lets them go on: 1." in health(client, "Mail")


def test_what_came_through_is_counted_by_door(browser, fn_db):
    making.notice()
    held()
    page = text(browser("auditor").get("/desk/ways-in/")).split("What came through")[1]
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', page) == [DOORS["web"], DOORS["mail"]]


def test_every_way_counts_at_a_door_that_exists():
    assert {way.door for way in WAYS} <= set(DOORS)


def test_what_another_site_copies_works_there(browser, fn_db, settings):
    settings.FN_BASE_URL = "http://testserver"
    page = browser("admin").get("/desk/ways-in/").content.decode()
    link, form = (
        html.unescape(re.search(rf'id="{name}-html">(.*?)</code>', page, re.DOTALL)[1])  # type: ignore[index]
        for name in ("link", "form")
    )
    stranger = Client(enforce_csrf_checks=True, headers={"origin": "https://forum.example.org"})
    place = "https://forum.example.org/post/7"
    href = re.search('href="([^"]*)"', link)
    action = re.search('action="([^"]*)" method="post"', form)
    assert href is not None and action is not None and 'name="location"' in form
    for answer in (stranger.get(href[1] + place), stranger.post(action[1], {"location": place})):
        assert fields_of(answer.content)["items-0-location"] == place
    assert not re.search("<script|<img|<iframe|style=", link + form)


@pytest.mark.usefixtures("fn_db")
def test_the_pointer_names_what_is_there_and_every_address_answers(client, settings):
    settings.FN_BASE_URL = "http://testserver"
    settings.FN_OPERATOR = {**settings.FN_OPERATOR, "contact": "abuse@host.example"}
    making.notice()
    answer = client.get("/.well-known/fair-notice.json")
    assert answer["Content-Type"] == "application/json" and answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    found = json.loads(answer.content)
    assert found["version"] == 1 and found["contact"] == "abuse@host.example"
    assert "legal_representative" not in found
    for field, value in found.items():
        if str(value).startswith("http") and field not in ("notice_api", "report_api"):
            assert client.get(value).status_code in (200, 302, 404 if field == "rules" else 200), field
    assert client.get(found["notice_api"]).status_code == 405
    assert client.post("/.well-known/fair-notice.json").status_code == 405


@pytest.mark.usefixtures("fn_db")
def test_every_field_of_the_pointer_is_explained(settings):
    settings.FN_OPERATOR = {**settings.FN_OPERATOR, "contact": "x", "legal_representative": "y"}
    settings.FN_FLAG_INBOX = True
    making.notice()
    told = set()
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            told |= set(re.findall("`([a-z_]+)`", line.split("|")[1]))
    assert told == set(well_known.document())
