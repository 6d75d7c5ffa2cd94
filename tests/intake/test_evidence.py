"""Files by the form: added where it is known whether any may come, sealed at once, gone when nobody sends them."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases import codes, files, sealed, uploads
from fairnotice.cases.actions import received_desk
from fairnotice.cases.models import EvidenceFile, Notice, Received, SealedValue
from fairnotice.intake import reading
from fairnotice.plumbing import limits
from fairnotice.vault import files as store
from fairnotice.vault import keys
from fairnotice.vault.models import Key
from tests.cases import making
from tests.intake.filling import WHY, fields_of, form

pytestmark = pytest.mark.usefixtures("fn_db")
CODE = re.compile(r'id="receipt-code"[^>]*>([A-Z2-7-]+)<')
WORDS = b"SENTINEL of a file"
NO_FILES = ("child-abuse", "child-approached", "intimate", "fake-intimate")


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._full_again.clear()


def one(name: str = "a picture.txt", data: bytes = WORDS) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def add(client: Client, *chosen: SimpleUploadedFile, page: bytes | None = None, **fields: str) -> Any:
    """The page to look at once more, after adding these with its button."""
    typed = fields_of(page) if page is not None else form(**fields)
    return client.post("/report/review/", {**typed, "evidence": list(chosen)})


def send(client: Client, page: bytes, *chosen: SimpleUploadedFile) -> Any:
    return client.post("/report/send/", {**fields_of(page), **({"evidence": list(chosen)} if chosen else {})})


def notice_of(answer: Any) -> Notice:
    assert answer.status_code == 200, answer.content.decode()
    found = CODE.search(answer.content.decode())
    assert found is not None
    access = codes.find(found[1])
    assert access is not None and access.notice is not None
    return access.notice


def said(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def on_disk() -> int:
    return len(list(store.root().glob("*/*")))


def test_a_file_goes_the_whole_way(client: Client) -> None:
    page = client.post("/report/review/", form())
    assert page.content.count(b'type="file"') == 1
    page = add(client, one("C:\\pictures\\a picture.txt"), page=page.content)
    assert page.status_code == 200 and "a picture.txt" in said(page) and "C:" not in said(page)
    row = EvidenceFile.objects.get()
    assert row.notice is None and row.state == "quarantined" and row.media == ""
    notice = notice_of(send(client, page.content))
    (row,) = notice.evidence.all()
    assert row.position == 0 and row.unclaimed_until is None
    assert b"".join(files.original(row)) == WORDS
    assert uploads.name_of(row) == "a picture.txt"
    assert sealed.read("notice", notice.ref, "why") == WHY


def test_the_database_and_the_disk_show_neither_name_nor_content(client: Client) -> None:
    notice_of(send(client, add(client, one("name-sentinel.txt")).content))
    row = EvidenceFile.objects.values().get()
    assert "sentinel" not in str(row).lower()
    assert all(
        b"sentinel" not in bytes(blob).lower() for blob in SealedValue.objects.values_list("blob", flat=True)
    )
    assert all(b"SENTINEL" not in path.read_bytes() for path in store.root().glob("*/*"))


def test_what_is_chosen_and_sent_at_once_goes_along(client: Client) -> None:
    page = client.post("/report/review/", form())
    notice = notice_of(send(client, page.content, one("b.txt", b"second"), one("c.txt", b"third")))
    assert [b"".join(files.original(row)) for row in notice.evidence.order_by("position")] == [
        b"second",
        b"third",
    ]


def test_one_can_be_taken_out_again(client: Client) -> None:
    page = add(client, one("a.txt"), one("b.txt", b"stays"))
    page = client.post("/report/review/", {**fields_of(page.content), "take-out": "0"})
    assert "a.txt" not in said(page) and "b.txt" in said(page)
    assert [b"".join(files.original(row)) for row in EvidenceFile.objects.all()] == [b"stays"]
    assert on_disk() == 1 and Key.objects.filter(destroyed_at__isnull=False).count() == 1
    assert notice_of(send(client, page.content)).evidence.count() == 1


def test_they_survive_a_change_of_the_words(client: Client) -> None:
    page = add(client, one())
    back = client.post("/report/", fields_of(page.content))
    again = client.post("/report/review/", {**fields_of(back.content), "why": "Other words."})
    notice = notice_of(send(client, again.content))
    assert notice.evidence.count() == 1 and sealed.read("notice", notice.ref, "why") == "Other words."


def test_the_receipt_says_which_files_were_sent(client: Client) -> None:
    answer = send(client, add(client, one()).content)
    notice = notice_of(answer)
    assert set(notice.event.personal) >= {"files"}
    receipt = client.get("/status/receipt/")
    row = EvidenceFile.objects.get()
    assert bytes(row.sha256).hex() in receipt.content.decode()
    without = notice_of(send(client, client.post("/report/review/", form("https://example.org/b")).content))
    assert set(without.event.personal) == set(notice.event.personal), "nobody can tell that none came"


@pytest.mark.parametrize("problem", NO_FILES)
def test_no_file_where_a_copy_would_repeat_the_harm(client: Client, problem: str) -> None:
    page = client.post("/report/review/", form(problem=problem))
    assert b'type="file"' not in page.content and b"multipart" not in page.content
    assert "With this kind of report we take none" in said(page)
    page = add(client, one(), page=page.content)
    assert page.status_code == 422 and "thrown away unread" in said(page)
    assert WHY.splitlines()[0] in said(page), "nothing else is lost"
    sent = send(client, page.content, one())
    assert sent.status_code == 422 and "thrown away unread" in said(sent)
    assert (EvidenceFile.objects.count(), on_disk(), Notice.objects.count()) == (0, 0, 0)
    assert notice_of(send(client, sent.content)).evidence.count() == 0


def test_a_problem_chosen_later_throws_them_away(client: Client) -> None:
    page = add(client, one())
    back = client.post("/report/", fields_of(page.content))
    page = client.post("/report/review/", {**fields_of(back.content), "problem": "intimate"})
    assert page.status_code == 422 and "thrown away unread" in said(page)
    assert (EvidenceFile.objects.count(), on_disk()) == (0, 0)
    assert "file-0" not in fields_of(page.content)


def test_nothing_is_thrown_away_for_a_choice_that_is_not_made(client: Client) -> None:
    page = add(client, one())
    typed = {**fields_of(page.content), "problem": ""}
    asked = client.post("/report/review/", typed)
    assert asked.status_code == 422 and "Choose what kind of problem" in said(asked)
    page = client.post("/report/review/", {**fields_of(asked.content), "problem": "scam"})
    assert notice_of(send(client, page.content)).evidence.count() == 1


def test_a_draft_about_it_takes_none_whoever_makes_it(client: Client) -> None:
    from fairnotice.cases.actions.submit import submit_notice
    from fairnotice.cases.drafts import ItemDraft, NoticeDraft
    from fairnotice.cases.errors import Invalid

    incoming = uploads.Incoming("a.png")
    incoming.write(WORDS)
    items = [ItemDraft("https://example.org/a")]
    draft = NoticeDraft(items, "intimate", "Why.", good_faith=True, files=[incoming.finish()])
    with pytest.raises(Invalid) as caught:
        submit_notice(draft=draft, door="web")
    assert [fault.code for fault in caught.value.faults] == ["not_here"]


def test_too_large_too_many_and_empty_are_said_and_nothing_else_is_lost(
    client: Client, settings: Settings
) -> None:
    settings.FN_EVIDENCE = {"one": 100_000, "count": 3, "notice": 150_000}
    page = add(client, one("big.txt", b"x" * 100_001), one("empty.txt", b""), one("good.txt"))
    assert page.status_code == 422
    for sentence in ("“big.txt” is larger than", "“empty.txt” is empty", "good.txt", WHY.splitlines()[0]):
        assert sentence in said(page)
    page = add(client, one("b.txt", b"y" * 90_000), one("c.txt", b"z" * 90_000), page=page.content)
    assert page.status_code == 422 and "Together the files" in said(page)
    page = add(client, one("d.txt"), one("e.txt"), page=page.content)
    assert page.status_code == 422 and "at most 3 files" in said(page)
    assert b'type="file"' not in page.content, "no more fit"
    assert (EvidenceFile.objects.count(), on_disk()) == (3, 3)
    assert notice_of(send(client, page.content)).evidence.count() == 3


def test_a_fault_at_sending_leads_back_with_the_rest(client: Client, settings: Settings) -> None:
    settings.FN_EVIDENCE = {"one": 100, "count": 3, "notice": 200}
    page = client.post("/report/review/", form())
    answer = send(client, page.content, one("big.txt", b"x" * 101))
    assert answer.status_code == 422 and "Nothing has been sent yet" in said(answer)
    assert Notice.objects.count() == 0
    assert notice_of(send(client, answer.content)).evidence.count() == 0


def test_where_the_setting_is_none_there_is_no_field(client: Client, settings: Settings) -> None:
    settings.FN_EVIDENCE = {"one": 100, "count": 0, "notice": 200}
    assert "there is no place for them here" in said(client.get("/report/"))
    page = add(client, one())
    assert b'type="file"' not in page.content and EvidenceFile.objects.count() == on_disk() == 0


def test_another_sites_page_stores_nothing(client: Client) -> None:
    page = client.post(
        "/report/review/", {**form(), "evidence": one()}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (EvidenceFile.objects.count(), on_disk()) == (0, 0)
    assert "Why" in said(page)


def test_nobody_can_name_anothers_file(client: Client) -> None:
    add(client, one())
    row = EvidenceFile.objects.get()
    for forged in (row.ref, uploads.handle_of(row), uploads.sign(uploads.handle_of(row)).swapcase()):
        notice = notice_of(send(client, client.post("/report/review/", form(**{"file-0": forged})).content))
        assert notice.evidence.count() == 0


def test_what_nobody_sends_is_swept_after_an_hour(client: Client) -> None:
    page = add(client, one())
    row = EvidenceFile.objects.get()
    assert uploads.sweep(now=timezone.now() + timedelta(minutes=59)) == 0
    assert uploads.sweep(now=timezone.now() + timedelta(minutes=61)) == 1
    assert (EvidenceFile.objects.count(), on_disk()) == (0, 0) and keys.is_destroyed(row.key_id)
    answer = send(client, page.content)
    assert (
        answer.status_code == 422 and "no longer here" in said(answer) and WHY.splitlines()[0] in said(answer)
    )
    assert notice_of(send(client, answer.content)).evidence.count() == 0


def test_a_page_that_names_it_keeps_it_for_another_hour_but_a_day_at_most(client: Client) -> None:
    page = add(client, one())
    EvidenceFile.objects.update(unclaimed_until=timezone.now() + timedelta(minutes=1))
    client.post("/report/review/", fields_of(page.content))
    assert uploads.sweep(now=timezone.now() + timedelta(minutes=30)) == 0
    EvidenceFile.objects.update(came_at=timezone.now() - timedelta(hours=24))
    client.post("/report/review/", fields_of(page.content))
    assert uploads.sweep(now=timezone.now() + timedelta(minutes=1)) == 1


def test_a_second_click_is_one_notice_and_other_files_are_another(client: Client) -> None:
    page = add(client, one())
    first, second = (notice_of(send(client, page.content)) for _ in range(2))
    assert first == second and EvidenceFile.objects.count() == 1
    conflict = client.post("/report/send/", {**fields_of(page.content), "evidence": one("b.txt", b"more")})
    assert conflict.status_code == 409


def test_no_room_takes_the_report_without(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 0)
    page = add(client, one())
    assert page.status_code == 422 and "no room for files" in said(page) and EvidenceFile.objects.count() == 0
    assert notice_of(send(client, page.content)).evidence.count() == 0


def test_a_full_disk_takes_the_report_without(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.Writer, "_seal", full)
    page = add(client, one(data=b"x" * 200_000))
    assert page.status_code == 422 and "no room for files" in said(page)
    assert (EvidenceFile.objects.count(), on_disk()) == (0, 0)


def test_what_is_held_back_in_a_crowd_keeps_its_files(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairnotice.intake.views.flooded", lambda *_: True)
    page = add(client, one())
    assert CODE.search(send(client, page.content).content.decode())
    row = EvidenceFile.objects.get()
    received = Received.objects.get()
    assert row.received == received and row.notice is None
    assert uploads.sweep(now=timezone.now() + timedelta(days=9)) == 0
    received_desk.release(actor=making.account("reviewer", "reviewer"), received_ref=received.ref)
    reading.read_waiting(5)
    assert EvidenceFile.objects.filter(notice__isnull=False, position=0).count() == 1


def test_broken_bodies_leave_nothing(client: Client) -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="why"\r\n\r\nWords\r\n'
        b'--B\r\nContent-Disposition: form-data; name="evidence"; filename="a.txt"\r\n\r\nbeginning'
    )
    for cut in (body, body[:-12], body.replace(b"--B\r\n", b"--C\r\n", 1), b""):
        answer = client.post("/report/review/", cut, content_type="multipart/form-data; boundary=B")
        assert answer.status_code < 500
        uploads.sweep(now=timezone.now() + timedelta(days=1))
        assert on_disk() == EvidenceFile.objects.count() == 0


@pytest.mark.parametrize(
    ("why", "sentence"), [("long", "“a.txt” is larger than"), ("busy", "arriving just now")]
)
def test_what_was_typed_is_there_where_the_rest_was_cut_off(client: Client, why: str, sentence: str) -> None:
    """As `site.bodies` passes on a form that is too long: its beginning, with the length that was announced."""
    fields = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form().items()
    )
    begun = '--B\r\nContent-Disposition: form-data; name="evidence"; filename="a.txt"\r\n\r\nbeginning'
    page = client.generic(
        "POST",
        "/report/review/",
        (fields + begun).encode(),
        content_type="multipart/form-data; boundary=B",
        **{"fairnotice.cut": why},  # type: ignore[arg-type]  # an entry of the WSGI environment
    )
    assert page.status_code == 422 and sentence in said(page) and WHY.splitlines()[0] in said(page)
    assert (EvidenceFile.objects.count(), on_disk()) == (0, 0)
