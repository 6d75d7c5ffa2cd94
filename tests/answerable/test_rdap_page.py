"""The page for people at `/rdap/`."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from fairnotice.answerable.rdap.urls import urlpatterns
from tests.browser.visit import Visit, no_fault

pytestmark = pytest.mark.usefixtures("fn_db")


def test_the_page_names_every_query_and_each_example_is_one(client: Client) -> None:
    text = unescape(client.get("/rdap/").content.decode())
    examples = re.findall(r"curl http://127\.0\.0\.1:8000(/rdap/[^\s<]+)", text)
    kinds = {str(one.pattern).partition("/")[0] for one in urlpatterns} - {
        "",
        "<search:what>",
        "<anything:rest>",
    }
    assert {path.split("/")[2] for path in examples} == kinds - {"history", "bootstrap"}
    for path in [*examples, "/rdap/history/ip/192.0.2.1"]:
        answer = client.get(path)
        assert answer.status_code == (200 if path.endswith("help") else 404), path
        json.loads(answer.content)
    for href in re.findall(r'href="(/rdap/bootstrap/[^"]+)"', text):
        assert client.get(href).status_code == 200
    assert len(re.findall(r'href="/rdap/bootstrap/', text)) == 5


def test_the_address_without_its_last_slash_and_the_page_about_us_lead_there(client: Client) -> None:
    assert client.get("/rdap")["Location"] == "/rdap/"
    assert 'href="/rdap/"' in client.get("/about/").content.decode()


@pytest.mark.browser
def test_the_page_can_be_read_by_everybody(visit: Visit) -> None:
    no_fault(visit.page("/rdap/"), "rdap")
    assert visit.complaints == []
    assert visit.outside == []
