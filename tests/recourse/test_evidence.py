"""Whoever sent files sees which are there, and can take one back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fairnotice.cases import codes, uploads
from fairnotice.cases.models import EvidenceFile
from fairnotice.vault import files as store
from tests.cases import making
from tests.recourse.conftest import Enter


@pytest.fixture
def sent(fn_db: None) -> Any:
    handles = []
    for name in ("first.txt", "second <i>.txt"):
        incoming = uploads.Incoming(name)
        incoming.write(b"SENTINEL")
        handles.append(incoming.finish())
    return making.notice(files=handles)


def test_they_are_listed_by_name_and_size(enter: Enter, sent: Any) -> None:
    page = enter(sent.code).get("/status/view/").content.decode()
    assert "What you sent along" in page and "first.txt" in page and "second &lt;i&gt;.txt" in page
    assert "8 bytes" in page.replace("\xa0", " ")
    other = enter(making.notice("https://example.org/b").code).get("/status/view/").content.decode()
    assert "What you sent along" not in other


def test_one_is_taken_back_after_asking_once_more(
    enter: Enter, sent: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    client, first = enter(sent.code), sent.notice.evidence.order_by("position")[0]
    path = f"/status/evidence/{first.ref}/"
    asked = client.get(path).content.decode()
    assert "first.txt" in asked and "This cannot be undone." in asked
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(path)
    assert (answer.status_code, answer["Location"]) == (303, "/status/view/")
    assert first.original not in set(store.stored()) and len(list(store.stored())) == 1
    page = client.get("/status/view/").content.decode()
    assert "first.txt" not in page and "it is gone for good" in page
    for late in (client.get(path), client.post(path)):
        assert late.status_code == 409 and "gone already" in late.content.decode()


def test_nobody_else_can(enter: Enter, sent: Any, client: Any) -> None:
    first = sent.notice.evidence.order_by("position")[0]
    path = f"/status/evidence/{first.ref}/"
    other = enter(making.notice("https://example.org/b").code)
    affected = enter(codes.mint(side="affected", case=making.case_of(sent)))
    for browser in (other, affected):
        assert browser.get(path).status_code == browser.post(path).status_code == 404
    assert client.post(path).status_code == 403
    assert EvidenceFile.objects.filter(state="removed").count() == 0


def test_withdrawing_says_what_becomes_of_them(enter: Enter, sent: Any) -> None:
    page = enter(sent.code).get("/status/withdraw/?what=notice").content.decode()
    assert "Files that you sent along are removed for good." in page
