"""The register cannot name a person or a page: it has nowhere to put them, and a text that does is refused."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import models

from fairnotice.cases.actions import decide, publish
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import PublicEntry
from tests.cases import making
from tests.never import walking
from tests.register.entries import Desk

LEADS_BACK = {
    "url", "uri", "link", "href", "host", "hostname", "domain", "handle", "location", "locator", "item", "items", "quote",
    "quotation", "excerpt", "screenshot", "notice", "case", "decision", "event", "record", "actor", "user", "staff",
    "notifier", "affected", "key", "code", "time", "at", "day",
} | walking.CALLED  # fmt: skip
IDENTIFYING = [
    "The post at https://forum.example.org/post/7 was removed.",
    "The post on forum.example.org was removed.",
    "The account @somebody was closed.",
    "Somebody at me@example.org complained.",
    "The server at 192.0.2.7 was closed.",
    "Call 0170 1234567 for more.",
    "It said “this person stole all of our money and ran away with it last summer”.",
]


def _faults(model: type[models.Model]) -> list[str]:
    bad = [field.name for field in model._meta.get_fields() if field.is_relation]
    # "automated_decision" says how far machines decided.
    return bad + walking.bad_names(
        [field.name for field in model._meta.concrete_fields], LEADS_BACK, {"automated_decision"}
    )


def test_the_public_table_has_no_column_that_leads_to_a_person_or_a_page() -> None:
    assert _faults(PublicEntry) == []


def test_a_planted_column_is_found() -> None:
    meta = type("Meta", (), {"app_label": "planted", "managed": False})
    fields = {
        "source_url": models.TextField(),
        "quotation": models.TextField(),
        "owner": models.ForeignKey("cases.Case", models.CASCADE, related_name="+"),
    }
    try:
        planted = type("PlantedEntry", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
        assert set(_faults(planted)) == set(fields)
    finally:
        apps.all_models["planted"].clear()


def test_no_other_table_points_to_it() -> None:
    """A reference from a case would lead back as well."""
    pointing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is PublicEntry
    ]
    assert pointing == []


def test_the_proof_opens_no_time_and_nothing_personal(fn_db: None) -> None:
    entry = Desk().publish()
    opened = {o["path"] for record in entry.evidence["records"] for o in record["openings"]}
    assert opened <= {*publish.OPENED, "summary", "outcome", "side", "month", "changes"}
    assert walking.bad_names(opened, LEADS_BACK, {"automated_decision"}) == []
    assert "forum.example.org" not in json.dumps(entry.evidence)


@pytest.mark.parametrize("text", IDENTIFYING)
def test_a_summary_that_leads_to_somebody_is_refused_twice(fn_db: None, text: str) -> None:
    """When it is written, and again when the second person lets it through."""
    desk = Desk()
    decision = desk.decide()
    with pytest.raises(Invalid):
        desk.approve(decision, text)
    draft = making.draft()
    reach = decide.Reach("unreachable", reason="No address is known.")
    assert decide.check_decision(draft, reach, text)
    assert not decide.check_decision(draft, reach, making.SUMMARY)


@pytest.mark.parametrize("text", IDENTIFYING[:-1])
def test_the_name_of_a_law_leads_to_nobody_either(fn_db: None, text: str) -> None:
    """It is shown in the register word for word."""
    with pytest.raises(Invalid):
        making.decided(making.notice(), making.account("one", "reviewer"), ground_reference=text)
