"""Files at the desk: listed with the case, opened on purpose, by those who may, and never as what they say."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from fairnotice.cases import looking, sealed, uploads
from fairnotice.cases.actions import claim
from fairnotice.cases.models import EvidenceFile
from fairnotice.cases.permissions import Actor
from fairnotice.ledger.models import Event
from fairnotice.plumbing.looking.eyes import Eyes
from tests.cases import making
from tests.plumbing.looking import making as made

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def eyes() -> Iterator[Eyes]:
    with Eyes(wall=120) as found:
        yield found


def notice(*contents: tuple[str, bytes], **fields: Any) -> Any:
    handles = []
    for name, data in contents:
        incoming = uploads.Incoming(name)
        incoming.write(data)
        handles.append(incoming.finish())
    return making.notice(files=handles, **fields)


@pytest.fixture
def shown(people: dict[str, Actor], eyes: Eyes) -> Any:
    """A notice with a picture, a page in HTML, a bomb, a PDF and a text, all looked at."""
    sent = notice(
        ("screen <b>shot.png", made.png_with_words()),
        ("page.html", made.HTML),
        ("bomb.png", made.bomb()),
        ("paper.pdf", made.pdf(pages=2)),
        ("words.txt", b"Words <script>of</script> a text"),
    )
    looking.look_at_waiting(eyes)
    return sent


def page_of(client: Client, sent: Any) -> str:
    return client.get(f"/desk/case/{making.case_of(sent).ref}/").content.decode()


def refs(sent: Any) -> list[str]:
    return list(sent.notice.evidence.order_by("position").values_list("ref", flat=True))


def test_the_case_lists_them_and_shows_none(browser: SignIn, shown: Any) -> None:
    page = page_of(browser("holder"), shown)
    assert "5 files came with it" in page and "screen &lt;b&gt;shot.png" in page
    for row in shown.notice.evidence.all():
        assert bytes(row.sha256).hex() in page
    assert "image/png" in page and "unpacks to far more" in page
    assert 'src="/desk' not in page
    picture, html, bomb, pdf, text = refs(shown)
    for ref in (picture, html, pdf, text):
        assert f"/desk/evidence/{ref}/" in page
    assert f"/desk/evidence/{bomb}/" not in page


@pytest.mark.parametrize("who", ["admin", "auditor", "publisher"])
def test_who_reads_no_sealed_text_sees_that_there_are_some(browser: SignIn, shown: Any, who: str) -> None:
    page = page_of(browser(who), shown)
    assert "5 files came with it" in page and "shot.png" not in page and "/desk/evidence/" not in page
    for path in (f"/desk/evidence/{refs(shown)[0]}/", f"/desk/evidence/{refs(shown)[0]}/0/"):
        assert browser(who).get(path).status_code == 403


def test_a_picture_is_opened_on_a_page_of_its_own(browser: SignIn, shown: Any) -> None:
    ref = refs(shown)[0]
    client = browser("holder")
    page = client.get(f"/desk/evidence/{ref}/")
    assert page.status_code == 200 and f'src="/desk/evidence/{ref}/0/"' in page.content.decode()
    answer = client.get(f"/desk/evidence/{ref}/0/")
    assert answer.status_code == 200 and made.SECRET.encode() not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (30, 40)
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer["Content-Disposition"] == f'inline; filename="{ref}-1.png"'
    assert client.get(f"/desk/evidence/{ref}/1/").status_code == 404


def test_a_pdf_is_shown_page_by_page_and_a_text_as_text(browser: SignIn, shown: Any) -> None:
    *_, pdf, text = refs(shown)
    client = browser("senior")
    first, second = (client.get(f"/desk/evidence/{pdf}/?page={n}").content.decode() for n in (1, 2))
    assert "Page 1 of 2 shown" in first and "?page=2" in first
    assert "Page 2 of 2 shown" in second and "?page=1" in second
    for odd in ("0", "99", "x", "-1", "²"):
        assert client.get(f"/desk/evidence/{pdf}/", {"page": odd}).status_code == 200
    page = client.get(f"/desk/evidence/{text}/").content.decode()
    assert "Words &lt;script&gt;of&lt;/script&gt; a text" in page
    assert client.get(f"/desk/evidence/{text}/0/").status_code == 404, "a text is never handed to a browser"


def test_the_file_itself_needs_a_purpose_and_is_nothing_but_bytes(browser: SignIn, shown: Any) -> None:
    html = refs(shown)[1]
    client, path = browser("appeals"), f"/desk/evidence/{html}/original/"
    page = client.post(path, {"purpose": "  "})
    assert page.status_code == 422 and "Say what you need the file itself for." in page.content.decode()
    assert not Event.objects.filter(kind="evidence.handed-out").exists()
    answer = client.post(path, {"purpose": "To compare it with the page."})
    assert answer.content == made.HTML and answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="evidence-{html}.bin"'
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    event = Event.objects.get(kind="evidence.handed-out")
    assert event.case_ref == shown.notice.ref and set(event.personal) == {"purpose"}
    assert sealed.read("evidence", html, f"purpose-{event.pk}") == "To compare it with the page."
    assert client.get(path).status_code == 405


def test_what_nobody_can_open_nobody_gets(browser: SignIn, shown: Any) -> None:
    bomb = refs(shown)[2]
    client = browser("holder")
    for answer in (
        client.get(f"/desk/evidence/{bomb}/"),
        client.get(f"/desk/evidence/{bomb}/0/"),
        client.post(f"/desk/evidence/{bomb}/original/", {"purpose": "I want it."}),
    ):
        assert answer.status_code == 409 and b"IHDR" not in answer.content


def test_nothing_is_handed_out_before_it_was_looked_at(browser: SignIn, people: dict[str, Actor]) -> None:
    sent = notice(("a.png", made.picture()))
    client, ref = browser("holder"), refs(sent)[0]
    assert "Not looked at yet" in page_of(client, sent)
    for answer in (
        client.get(f"/desk/evidence/{ref}/"),
        client.get(f"/desk/evidence/{ref}/0/"),
        client.post(f"/desk/evidence/{ref}/original/", {"purpose": "I want it."}),
    ):
        assert answer.status_code == 409


def test_who_is_kept_out_of_the_case_finds_no_file(
    browser: SignIn, people: dict[str, Actor], shown: Any
) -> None:
    case, ref = making.case_of(shown), refs(shown)[0]
    claim.mark_involved(actor=people["senior"], case_ref=case.ref, user_id=people["holder"].user_id)
    nothing = browser("holder").get("/desk/evidence/NOSUCHFILE22/")
    answer = browser("holder").get(f"/desk/evidence/{ref}/")
    assert answer.status_code == nothing.status_code == 404
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub(b"", answer.content) == token.sub(b"", nothing.content)
    assert browser("holder").get(f"/desk/evidence/{ref}/0/").status_code == 404
    assert browser("other").get(f"/desk/evidence/{ref}/").status_code == 200


def test_who_is_kept_out_of_one_case_of_the_notice_opens_nothing_through_another(
    browser: SignIn, people: dict[str, Actor], eyes: Eyes
) -> None:
    from fairnotice.cases.drafts import ItemDraft

    sent = notice(
        ("a.png", made.picture()),
        items=[ItemDraft("https://forum.example.org/a"), ItemDraft("https://forum.example.org/b")],
    )
    looking.look_at_waiting(eyes)
    one, two = (item.case for item in sent.notice.items.order_by("position"))
    claim.mark_involved(actor=people["senior"], case_ref=one.ref, user_id=people["holder"].user_id)
    page = browser("holder").get(f"/desk/case/{two.ref}/").content.decode()
    assert "1 file came with it" in page and "/desk/evidence/" not in page and "a.png" not in page
    assert browser("holder").get(f"/desk/evidence/{refs(sent)[0]}/").status_code == 404


def test_a_case_about_somebody_here_hides_its_files(browser: SignIn, eyes: Eyes, people: Any) -> None:
    sent = notice(("a.png", made.picture()), staff_involved=True)
    looking.look_at_waiting(eyes)
    assert browser("holder").get(f"/desk/evidence/{refs(sent)[0]}/").status_code == 404
    assert browser("senior").get(f"/desk/evidence/{refs(sent)[0]}/").status_code == 200


def test_a_removed_one_is_only_counted(
    browser: SignIn, shown: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    from fairnotice.cases import files

    ref = refs(shown)[0]
    with django_capture_on_commit_callbacks(execute=True):
        files.remove_of_notice(shown.notice.ref)
    page = page_of(browser("holder"), shown)
    assert "5 files came with it" in page and "It was erased." in page and "shot.png" not in page
    assert browser("holder").get(f"/desk/evidence/{ref}/").status_code == 404
    assert EvidenceFile.objects.count() == 5
