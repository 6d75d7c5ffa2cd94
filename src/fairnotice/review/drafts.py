"""From the forms of a decision to what the law checks, and its faults back to the fields."""

from __future__ import annotations

from typing import Any

from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.errors import FaultLike
from fairnotice.law.draft import Draft, MeasureDraft
from fairnotice.review.forms.decision import DecisionForm
from fairnotice.review.forms.measures import MeasureForm, Rows, no_action

_REACH = {"reach.channel": "reach_channel", "reach.email": "reach_email", "reach.reason": "reach_reason"}


def counted(rows: Rows) -> list[tuple[int, MeasureForm]]:
    """The rows that hold a measure, with their place on the page."""
    return [(place, row) for place, row in enumerate(rows.forms) if not row.empty]


def draft_of(form: DecisionForm, rows: Rows) -> Draft:
    """The decision as it was filled in so far; a field that could not be read is empty."""
    data = form.cleaned_data
    measures: list[MeasureDraft] = []
    if data.get("outcome") == "none":
        measures = [no_action()]
    elif data.get("outcome") == "measure":
        measures = [row.draft() for _place, row in counted(rows)]
    texts: dict[str, Any] = {
        name: data.get(name) or ""
        for name in [
            "account_type",
            "ground",
            "ground_url",
            "explanation",
            "facts",
            "content_type_other",
            "content_id_ean",
            "category",
            "keyword_other",
            "content_language",
            "source_type",
            "automated_decision",
            "necessity",
            "milder_considered",
            "paraphrase",
            "paraphrase_withheld_reason",
        ]
    }
    lists: dict[str, Any] = {
        name: list(data.get(name) or [])
        for name in ("content_types", "category_additions", "keywords", "territorial_scope", "other_items")
    }
    rules = texts["ground"] == "rules"
    return Draft(
        measures=measures,
        ground_reference=(data.get("clause") if rules else data.get("law")) or "",
        also_illegal={"yes": True, "no": False}.get(data.get("also_illegal") or "") if rules else None,
        content_date=data.get("content_date"),
        automated_detection=bool(data.get("automated_detection")),
        **texts,
        **lists,
    )


def reach_of(form: DecisionForm) -> Reach:
    """How the affected party is told, as it was filled in."""
    data = form.cleaned_data
    return Reach(
        data.get("reach_channel") or "", data.get("reach_email") or "", data.get("reach_reason") or ""
    )


def place_faults(faults: list[Any], form: DecisionForm, rows: Rows) -> None:
    """Put each fault at its field; one that is said there already (a day that is none) is not said twice."""
    places = [place for place, _row in counted(rows)]
    for fault in faults:
        _place(fault, form, rows, places)


def _place(fault: FaultLike, form: DecisionForm, rows: Rows, places: list[int]) -> None:
    target, name = form, _field(fault.path, form)
    parts = fault.path.split(".")
    if parts[0] == "measures" and len(parts) == 3 and form.cleaned_data.get("outcome") == "measure":
        target, name = rows.forms[places[int(parts[1])]], parts[2]  # type: ignore[assignment]
    if name in target.fields:
        if name not in target.errors:
            target.add_error(name, fault.message)
    else:
        form.add_error(None, fault.message)


def _field(path: str, form: DecisionForm) -> str:
    if path == "ground_reference":
        return "clause" if form.cleaned_data.get("ground") == "rules" else "law"
    if path.startswith("measures"):
        return "outcome"
    return _REACH.get(path, path)
