"""A notifier's name and e-mail are opened for the letter to them, and for nothing else: one notice is followed the
whole way, and no answer, page, file or row on it holds them."""

from __future__ import annotations

import base64
import json
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from fairnotice.cases import codes
from fairnotice.cases.actions import appeal, publish
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.models import Decision, Notice, Statement
from fairnotice.cases.permissions import ROLES
from fairnotice.delivery.runner import run_due
from fairnotice.ledger import keys as log_keys
from fairnotice.ledger import sequencer
from fairnotice.ledger.publishing import log_dir
from fairnotice.plumbing import limits
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.export import export_static
from fairnotice.translog.openings import parse_leaf, tag
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
GUESSES = ("name", "email", "law", "why", "items", "notes", "clause", "phone", "account")
NAME, EMAIL = "Sentinelname Notifier", "sentinel.contact@example.net"
BODY = {
    "items": [{"location": "https://forum.example.org/post/7", "note": "second paragraph"}],
    "problem": "defamation",
    "why": "It says that I stole money, which is false.",
    "good_faith": True,
    "name": NAME,
    "email": EMAIL,
}


class Letters:
    """A way out that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    def send(self, letter: EmailMessage) -> None:
        self.taken.append(letter)


def clear(content: bytes) -> bool:
    """Whether neither the name nor the address stands in it, as it is or as JSON or HTML write it."""
    return not any(word in content.lower() for word in (b"sentinelname", b"sentinel.contact"))


def follow(client: Client, code: str) -> dict[str, bytes]:
    """Every page and file behind a code, by its address."""
    assert client.post("/status/", {"code": code}).status_code == 303
    seen = {path: client.get(path) for path in ("/status/view/", "/status/receipt/")}
    access = codes.find(code)
    assert access is not None
    told = Statement.objects.filter(notice=access.notice) if access.notice else Statement.objects.all()
    for statement in told.filter(audience=access.side):
        for path in (
            f"/status/statement/{statement.ref}/",
            f"/status/receipt/?statement={statement.ref}",
            f"/status/appeal/{statement.decision.ref}/",
        ):
            seen[path] = client.get(path)
    assert all(answer.status_code in (200, 302, 303, 404, 409) for answer in seen.values())
    return {path: answer.content for path, answer in seen.items()}


def submitted(client: Client) -> tuple[str, list[bytes]]:
    """The code, and what the program interface answered, the retry included."""
    headers = {"Idempotency-Key": "k" * 20}
    answers = [
        client.post("/api/v1/notices", json.dumps(BODY), content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    return answers[0].json()["code"], [answer.content for answer in answers]


def test_nothing_on_the_whole_way_shows_who_wrote(client: Client, tmp_path: Path) -> None:
    limits._full_again.clear()
    code, answers = submitted(client)
    notice = Notice.objects.get()
    reviewer, publisher = making.account("r", "reviewer"), making.account("p", "publisher")
    case = notice.items.get().case
    assert case is not None
    sent = making.Submitted(notice, code, {})
    decision = making.decided(sent, reviewer, reach=Reach("email", "author@example.org"))
    port = Letters()
    assert run_due(port=port) == 3
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="It was satire.")
    other = making.account("a", "appeals_reviewer")
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    appeal.decide_appeal(
        actor=other, appeal_ref=lodged.ref, version=2, outcome="upheld", reasons="It stands.", changes=[]
    )
    publish.approve_publication(
        actor=publisher, publication_ref=decision.publication.ref, summary=making.SUMMARY
    )
    publish.publish_batch()
    run_due(port=port)
    sequencer.run_once()
    sequencer.publish()

    seen = {f"answer {n}": content for n, content in enumerate(answers)}
    seen |= {f"notifier {path}": content for path, content in follow(Client(), code).items()}
    theirs = codes.mint(side="affected", case=case)
    seen |= {f"affected {path}": content for path, content in follow(Client(), theirs).items()}
    entry = f"/register/{decision.publication.ref}"
    for path in ("/", "/register/", "/register.json", f"{entry}/", f"{entry}.json", f"{entry}/proof/"):
        seen[path] = client.get(path).content
    for role in ROLES:
        user = making.account(f"look-{role}", role).user_id
        desk = Client()
        desk.force_login(get_user_model().objects.get(pk=user))
        for path in (
            "/desk/",
            f"/desk/case/{case.ref}/",
            "/desk/measures/",
            "/desk/statements/",
            f"/desk/appeal/{lodged.ref}/",
        ):
            seen[f"{role} {path}"] = desk.get(path).content
    export_static(log_dir(), tmp_path / "copy", log_keys.vkey())
    seen |= {str(path): path.read_bytes() for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    assert [name for name, content in seen.items() if not clear(content)] == []
    assert len(seen) > 50

    to = [str(letter["To"]) for letter in port.taken]
    assert to.count(EMAIL) == 3 and to.count("author@example.org") == 2
    assert all(clear(re.sub(rb"(?im)^to:.*$", b"", letter.as_bytes())) for letter in port.taken)


def test_a_receipt_commits_to_the_contact_and_keeps_it_closed() -> None:
    sent = making.notice(name=NAME, email=EMAIL)
    record = sent.receipt["records"][0]
    assert {"name", "email"}.isdisjoint(opening["path"] for opening in record["openings"])
    assert {"why", "items", "notes"} <= {opening["path"] for opening in record["openings"]}
    assert set(sent.notice.event.personal) >= {"name", "email"}, (
        "nobody can say afterwards that another wrote"
    )
    assert verify_evidence(json.dumps(sent.receipt).encode()).pending


def test_a_receipt_does_not_tell_whether_a_contact_was_given() -> None:
    """With the salt in the file, whoever holds it can ask the entry for any path."""
    with_name, without = making.notice(name=NAME, email=EMAIL), making.notice(name="", email="", law="")
    present = []
    for sent in (with_name, without):
        record = sent.receipt["records"][0]
        salt, leaf = base64.b64decode(record["salt"]), parse_leaf(base64.b64decode(record["leaf"]))
        present.append({path for path in GUESSES if tag(salt, path) in leaf.elements})
    assert present[0] == present[1] >= {"name", "email", "law", "why", "items"}
    assert len({len(sent.receipt["records"][0]["leaf"]) for sent in (with_name, without)}) == 1
    opened = {opening["path"] for opening in without.receipt["records"][0]["openings"]}
    assert opened.isdisjoint({"name", "email", "law"})


def test_no_column_holds_the_contact_in_the_clear() -> None:
    sent = making.notice(name=NAME, email=EMAIL)
    making.decided(sent, making.account("r", "reviewer"))
    assert Decision.objects.exists()
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            tables = connections[alias].introspection.table_names(cursor)
            for table in tables:
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
                assert all(clear(repr(row).encode()) for row in cursor.fetchall()), table
