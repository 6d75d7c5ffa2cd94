"""The operator's rules, published and versioned (article 14), so that a decision can cite a clause that
stays."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import RulesClause, RulesVersion
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.texts import character_faults
from fairnotice.ledger.append import append

MAX_CLAUSES = 1000
_REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")


@dataclass(frozen=True)
class ClauseDraft:
    """One clause: reference such as "3.2", title, text."""

    reference: str
    title: str
    text: str


def parse_rules(text: str) -> list[ClauseDraft]:
    """Read rules from plain text: a line "## 3.2 Title" begins a clause, the lines after it are its text.

    Raises Invalid naming the line.
    """
    clauses: list[ClauseDraft] = []
    reference = title = ""
    body: list[str] = []

    def finish() -> None:
        if reference:
            clauses.append(ClauseDraft(reference, title, "\n".join(body).strip()))

    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("## "):
            finish()
            reference, _gap, title = line[3:].strip().partition(" ")
            title, body = title.strip(), []
            if not _REFERENCE.fullmatch(reference) or not title:
                raise Invalid(
                    [Fault(f"line {number}", "heading", _("A clause begins with '## 3.2 Its title'."))]
                )
        elif reference:
            body.append(line)
        elif line.strip() and not line.startswith("#"):
            raise Invalid(
                [
                    Fault(
                        f"line {number}",
                        "heading",
                        _("Text before the first clause; begin with '## 1 Title'."),
                    )
                ]
            )
    finish()
    return clauses


@transaction.atomic
def publish_rules(*, clauses: list[ClauseDraft], note: str, actor: Actor | None = None) -> RulesVersion:
    """Publish the next version. `actor` is None only for the operator's command line. The change of grounds
    is in the public log in the clear. Raises Invalid."""
    if actor is not None:
        require(actor, "publish_rules")
    faults = check_rules(clauses, note)
    if faults:
        raise Invalid(faults)
    last = RulesVersion.objects.order_by("-number").first()
    number = (last.number if last else 0) + 1
    digest = hashlib.sha256("\x00".join(f"{c.reference}\x00{c.title}\x00{c.text}" for c in clauses).encode())
    event = append(
        kind="rules.published",
        open={"version": number, "clauses": [c.reference for c in clauses], "sha256": digest.hexdigest()},
        actor_id=actor.user_id if actor else None,
        clear_type="grounds",
        follows=last.event if last else None,
    )
    version = RulesVersion.objects.create(
        number=number, published_on=timezone.localdate(), note=note.strip(), event=event
    )
    for position, clause in enumerate(clauses):
        RulesClause.objects.create(
            version=version,
            reference=clause.reference,
            title=clause.title,
            text=clause.text,
            position=position,
        )
    return version


def check_rules(clauses: list[ClauseDraft], note: str) -> list[Fault]:
    """Every fault of a set of rules."""
    faults: list[Fault] = []
    if not clauses:
        faults.append(Fault("clauses", "missing", _("Write at least one clause.")))
    if not note.strip() or len(note) > 500:
        faults.append(Fault("note", "missing", _("Say in up to 500 characters what is new.")))
    faults += character_faults("note", note)
    if len(clauses) > MAX_CLAUSES:
        faults.append(
            Fault(
                "clauses",
                "too_many",
                _("At most %(most)s clauses fit in one version.") % {"most": MAX_CLAUSES},
            )
        )
    seen: set[str] = set()
    for number, clause in enumerate(clauses):
        path = f"clauses.{number}"
        if not _REFERENCE.fullmatch(clause.reference):
            faults.append(Fault(f"{path}.reference", "reference", _("A reference looks like 3.2.")))
        if clause.reference in seen:
            faults.append(
                Fault(
                    f"{path}.reference",
                    "twice",
                    _("There are two clauses %(reference)s.") % {"reference": clause.reference},
                )
            )
        seen.add(clause.reference)
        if not clause.title.strip() or len(clause.title) > 200:
            faults.append(
                Fault(f"{path}.title", "missing", _("A clause has a title of up to 200 characters."))
            )
        if not clause.text.strip() or len(clause.text) > 20_000:
            faults.append(
                Fault(f"{path}.text", "missing", _("A clause has a text of up to 20,000 characters."))
            )
        faults += character_faults(f"{path}.title", clause.title)
        faults += character_faults(f"{path}.text", clause.text)
    return faults
