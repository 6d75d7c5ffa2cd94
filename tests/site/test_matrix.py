"""Every page of the desk with a reference x method x role x how things stand: own, somebody else's, erased, held
back from erasure, and about somebody who looks.

Which role may open which page at all is `test_access`; here a role that may, asks about one thing after the
other. What must not be there answers 404, byte for byte as what never was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import claim, erase, filing, hold, own_data
from fairnotice.cases.models import Case, Filing, Hold, Notice, Publication, Statement
from fairnotice.cases.permissions import ROLES, ROUTES, Actor
from tests.cases import making
from tests.retention.gone import Whole, closed, whole
from tests.site.routes import all_routes

pytestmark = pytest.mark.usefixtures("fn_db")
SAMPLE = "aaaaaaaaaaaa"
STATES = ("own", "other", "held", "erased", "conflicted")
WORDS = (
    "It says that I stole money",
    "forum.example.org/post/7",
    "the court found the opposite",
    "I never wrote that",
)
_CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
# Kinds of things by the second part of the path; the others are about networks, clients and messages.
KINDS = (
    "case",
    "decision",
    "statement",
    "measure",
    "appeal",
    "publication",
    "item",
    "erasure",
    "hold",
    "filing",
)


@dataclass
class Scene:
    """One case in one state, the references of all that belongs to it, and a browser for each role."""

    state: str
    made: Whole
    refs: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        made = self.made
        notice = made.submitted.notice
        self.refs = {
            "case": made.case.ref,
            "decision": made.decision.ref,
            "statement": Statement.objects.filter(decision=made.decision, audience="affected")[0].ref,
            "measure": made.decision.measures.all()[0].ref,
            "appeal": made.appeal.ref,
            "publication": Publication.objects.get(decision=made.decision).ref,
            "item": notice.items.get().ref,
            "filing": filed(made),
            "erasure": own_data.ask(access=making.notifier_access(made.submitted), words="").ref,
        }
        self.actors = {role: making.account(f"matrix {role}", role) for role in ROLES}
        if self.state == "held":
            self.refs["hold"] = self.hold().ref
        if self.state == "erased":
            over = closed(made)
            Notice.objects.filter(pk=notice.pk).update(state="withdrawn")
            for what, ref in (("notice", notice.ref), ("case", made.case.ref)):
                erase.erase(what=what, ref=ref, now=over)
        if self.state == "conflicted":
            senior = making.account("somebody senior", "senior_reviewer")
            for actor in self.actors.values():
                claim.mark_involved(actor=senior, case_ref=made.case.ref, user_id=actor.user_id)
        if self.state == "own":
            Case.objects.filter(pk=made.case.pk).update(claimed_by=self.actors["reviewer"].user_id)

    def hold(self) -> Hold:
        return hold.begin(
            first=self.made.reviewer.user_id,
            actor=making.account("another senior", "senior_reviewer"),
            case_ref=self.made.case.ref,
            reason="claim",
            until=timezone.localdate() + timedelta(days=20),
            words="A claim.",
        )

    def browser(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(get_user_model().objects.get(pk=self.actors[role].user_id))
        return client


def filed(made: Whole) -> str:
    """The statement of its decision for the EU database."""
    filing.prepare(place="sandbox", now=timezone.now())
    return Filing.objects.get(decision=made.decision).ref


def pages() -> Iterator[tuple[str, str, str]]:
    """(name, kind, path) of every page of the desk about one thing of a case."""
    for name, path in all_routes():
        kind = path.split("/")[2] if SAMPLE in path and name.startswith("desk") else ""
        if kind in KINDS:
            yield name, kind, path


@pytest.mark.parametrize("state", STATES)
def test_every_page_for_every_role(state: str) -> None:
    scene = Scene(state, whole())
    cells = 0
    for role in ROLES:
        client = scene.browser(role)
        for name, kind, path in pages():
            allowed = ROUTES[name]
            for method in ("get", "post"):
                here = path.replace(SAMPLE, scene.refs.get(kind, SAMPLE))
                with transaction.atomic():
                    answer = getattr(client, method)(here, {"version": 1, "act": "confirm"})
                    never = answer
                    if state == "conflicted":
                        never = getattr(client, method)(path, {"version": 1, "act": "confirm"})
                    transaction.set_rollback(True)
                cells += 1
                seen = (state, role, method, here, answer.status_code)
                assert answer.status_code < 500, seen
                text = answer.content.decode()
                if role not in allowed:
                    assert answer.status_code == 403, seen
                if state in ("conflicted", "erased") or role not in allowed:
                    assert not [word for word in WORDS if word in text], seen
                if state == "conflicted":
                    assert answer.status_code == never.status_code, seen
                    assert _bare(text, here) == _bare(never.content.decode(), path), seen
                if (
                    method == "get"
                    and role in allowed
                    and state in ("own", "other", "held")
                    and kind in scene.refs
                ):
                    assert answer.status_code in (200, 302, 405), seen
    assert cells == 2 * len(ROLES) * len(list(pages())) > 200


def _bare(text: str, path: str) -> str:
    return _CHANGING.sub("", text).replace(path, "").replace(path.split("/")[3], "")
