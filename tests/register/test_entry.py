"""One entry: its words, its way through an appeal, and a proof that a stranger can check."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from fairnotice.cases.actions import publish, rules
from fairnotice.cases.models import PublicEntry
from fairnotice.ledger import sequencer
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.evidence import verify_evidence
from tests.cases import making
from tests.register.entries import Desk


def test_it_says_everything_in_words(client: Client, desk: Desk) -> None:
    page = client.get(f"/register/{desk.publish().ref}/").text
    for words in (
        "Disabling access to content, looked at again after 180 days",
        "Section 186 of the Criminal Code",
        "Illegal or harmful speech",
        "Defamation",
        "English",
        "Everywhere",
        "Not automated",
        "No appeal against this decision has been answered",
        "A second person, who did not make the decision",
        "What it cannot show",
    ):
        assert words in page
    assert "Not independently reviewed" not in page


def test_it_holds_nothing_that_leads_to_the_item_or_its_people(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    for path in (f"/register/{entry.ref}/", f"/register/{entry.ref}.json", f"/register/{entry.ref}/proof/"):
        text = client.get(path).text
        for secret in ("forum.example.org", "stole money", "reviewer-one", "The post says that somebody"):
            assert secret not in text


def test_the_mark_of_a_decision_that_nobody_else_looked_at(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    PublicEntry.objects.filter(pk=entry.pk).update(not_independently_reviewed=True)
    assert "One person decided alone" in client.get(f"/register/{entry.ref}/").text
    assert "Not independently reviewed" in client.get("/register/").text


def test_an_appeal_shows_in_the_entry_and_in_its_proof(client: Client, desk: Desk) -> None:
    decision = desk.decide()
    desk.approve(decision)
    publish.publish_batch()
    desk.reverse_in_part(decision)
    publish.publish_batch()
    sequencer.run_once()
    ref = decision.publication.ref
    page = client.get(f"/register/{ref}/").text
    assert "The decision was partly reversed." in page
    assert "replaced by a milder one: Labelled content" in page
    assert "The answer to the appeal: entry" in page
    assert "Partly reversed on appeal" in client.get("/register/?appeal=partly_reversed").text
    document = client.get(f"/register/{ref}/proof/").content
    assert any("partly_reversed" in line for line in verify_evidence(document).lines)


def test_the_downloaded_file_verifies_with_the_key_on_the_page(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    answer = client.get(f"/register/{entry.ref}/proof/")
    assert answer["Content-Disposition"] == f'attachment; filename="fair-notice-{entry.ref}.json"'
    vkey = json.loads(answer.content)["logs"][0]["vkey"]
    page = client.get(f"/register/{entry.ref}/").text
    assert f'fairnotice verify fair-notice-{entry.ref}.json --vkey "{vkey}"' in page
    result = verify_evidence(answer.content, [vkey])
    assert not result.pending
    for origin, index, size in result.entries:
        assert origin in page
        assert f"entry {index + 1} of {size}" in page


def test_every_public_field_is_opened_by_the_proof(client: Client, desk: Desk) -> None:
    """What the page says and the file proves must be one: otherwise the page could say something else."""
    entry = desk.publish()
    proven = {
        opening["path"]: opening["value"]
        for record in json.loads(client.get(f"/register/{entry.ref}/proof/").content)["records"]
        for opening in record["openings"]
    }
    shown = client.get(f"/register/{entry.ref}.json").json()["entry"]
    for name in ("month", "category", "keywords", "ground_kind", "ground_text", "content_types", "summary",
                 "content_language", "territorial_scope", "source_type", "automated_detection"):  # fmt: skip
        assert shown[name] == proven[name]
    assert shown["measures"] == [measure["kind"] for measure in proven["measure_terms"]]


def test_a_changed_file_does_not_verify(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    document = client.get(f"/register/{entry.ref}/proof/").text
    with pytest.raises(TranslogError):
        verify_evidence(document.replace("Criminal Code", "Civil Code").encode())


def test_before_it_is_in_the_log_the_page_says_so_and_gives_no_file(client: Client, desk: Desk) -> None:
    entry = desk.publish(logged=False)
    page = client.get(f"/register/{entry.ref}/").text
    assert "On its way into the public log" in page
    assert "Download the proof" not in page
    answer = client.get(f"/register/{entry.ref}/proof/")
    assert answer.status_code == 404
    assert "The proof is not there yet" in answer.text
    assert client.get(f"/register/{entry.ref}.json").json()["log"]["complete"] is False
    sequencer.run_once()
    assert "Download the proof" in client.get(f"/register/{entry.ref}/").text


def test_a_damaged_log_is_called_damaged(client: Client, desk: Desk, settings) -> None:
    entry = desk.publish()
    for tile in settings.FN_LOG_DIR.rglob("tile/0/**/*"):
        if tile.is_file():
            tile.chmod(0o600)
            tile.write_bytes(bytes(len(tile.read_bytes())))
    page = client.get(f"/register/{entry.ref}/")
    assert page.status_code == 200
    assert "could not be read" in page.text
    assert "Download the proof" not in page.text


def test_a_cited_clause_is_linked(client: Client, desk: Desk) -> None:
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First version.")
    entry = desk.publish(ground="rules", ground_reference="1/3.2", also_illegal=False)
    assert 'href="/rules/1/#c-3.2"' in client.get(f"/register/{entry.ref}/").text
    assert 'id="c-3.2"' in client.get("/rules/1/").text


@pytest.mark.parametrize(
    "ref", ["AAAAAAAAAAAA", "x", "%00", "%ED%A0%80", "A" * 3000, "..%5C", "AAAAAAAAAAA1"]
)
@pytest.mark.parametrize("path", ["/register/{}/", "/register/{}.json", "/register/{}/proof/"])
@pytest.mark.usefixtures("fn_db")
def test_a_reference_that_leads_nowhere(client: Client, ref: str, path: str) -> None:
    answer = client.get(path.format(ref))
    assert answer.status_code == 404
    assert "There is no such entry" in answer.text


def test_nobody_can_write_here(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    for path in (
        "/register/",
        "/register.json",
        f"/register/{entry.ref}/",
        f"/register/{entry.ref}/proof/",
        "/rules/",
    ):
        assert client.post(path).status_code == 405
