"""What another Fair Notice says beside the fields of XARF when it forwards a notice (docs/xarf.md)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidationError

from fairnotice.cases.drafts import (
    MAX_EMAIL,
    MAX_ITEMS,
    MAX_LAW,
    MAX_LOCATION,
    MAX_NAME,
    MAX_WHY,
    ItemDraft,
    NoticeDraft,
    check_email,
    normalised,
)
from fairnotice.intake.unreadable import Unreadable
from fairnotice.law.problems import PROBLEM_BY_SLUG, Problem
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS
from fairnotice.plumbing.xarf_schemas import EXTENSION as NAME

_KEYWORDS = frozenset(code for group in KEYWORDS.values() for code in group)
_MAX_CLAUSE = 2000
# Days that can be shown in every time zone.
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


class _Part(BaseModel):
    # A later version may say more; what is not known here is passed over, as XARF asks for its own fields.
    model_config = ConfigDict(extra="ignore")


class Ground(_Part):
    """What the notifier relies on."""

    kind: StrictStr = "unsure"
    law: Annotated[StrictStr, Field(max_length=MAX_LAW)] = ""
    clause: Annotated[StrictStr, Field(max_length=_MAX_CLAUSE)] = ""


class Answer(_Part):
    """Where the sender takes the answer."""

    url: Annotated[StrictStr, Field(max_length=2000)] = ""
    token: Annotated[StrictStr, Field(max_length=200)] = ""


class Notifier(_Part):
    """Who wrote the notice, as far as they agreed."""

    name: Annotated[StrictStr, Field(max_length=MAX_NAME)] = ""
    email: Annotated[StrictStr, Field(max_length=MAX_EMAIL)] = ""


class Extension(_Part):
    """The object `x-fairnotice`."""

    version: Literal[1]
    forward: Annotated[StrictStr, Field(pattern=r"^[\x21-\x7e]{1,64}$")]
    category: StrictStr = ""
    keyword: StrictStr = ""
    problem: StrictStr = ""
    locations: Annotated[
        list[Annotated[StrictStr, Field(max_length=MAX_LOCATION)]], Field(min_length=1, max_length=MAX_ITEMS)
    ]
    ground: Ground = Ground()
    good_faith: StrictBool | None = None
    deadline: Annotated[AwareDatetime, Field(ge=_EARLIEST, le=_LATEST)] | None = None
    answer: Answer = Answer()
    text: Annotated[StrictStr, Field(max_length=MAX_WHY)] = ""
    notifier: Notifier = Notifier()


def read(report: dict[str, Any]) -> Extension | None:
    """The extension of a report, or None where it has none. Raises Unreadable where it is malformed."""
    if NAME not in report:
        return None
    try:
        return Extension.model_validate(report[NAME])
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        raise Unreadable("This part of the report is not as it should be.", f"/{NAME}/{place}") from None
    except RecursionError:
        raise Unreadable("This report is nested too deeply.", f"/{NAME}") from None


def to_draft(said: Extension, report: dict[str, Any], guess: Problem) -> NoticeDraft:
    """The notice as it was made at the sender's. `guess` is what the report's type stands for, for a kind of
    problem that this version does not know."""
    problem = PROBLEM_BY_SLUG.get(said.problem, guess)
    known = said.category in CATEGORIES
    law = said.ground.law if said.ground.kind == "law" else ""
    return NoticeDraft(
        items=[ItemDraft(place) for place in {normalised(one): one for one in said.locations}.values()],
        problem=problem.slug,
        why=_why(said, report),
        # A rule of the sender's is none of ours: it stands in the text.
        ground_kind="law" if law.strip() else "unsure",
        law=law,
        name=said.notifier.name,
        email=said.notifier.email.strip() if check_email(said.notifier.email) else "",
        good_faith=said.good_faith or None,
        source_type="SOURCE_ARTICLE_16" if said.good_faith else "SOURCE_TYPE_OTHER_NOTIFICATION",
        category=said.category if known else "",
        keyword=said.keyword if known and said.keyword in _KEYWORDS else "",
    )


def _why(said: Extension, report: dict[str, Any]) -> str:
    lines = []
    if said.ground.kind == "rules" and said.ground.clause.strip():
        lines.append(f"By the notice it breaks this rule of the sender: {said.ground.clause.strip()}")
    lines.append(f"Forwarded by {report['sender']['org']}.")
    added = "\n".join(lines)
    text = said.text.strip() or "The notifier’s own words were not passed on."
    return f"{text[: MAX_WHY - len(added) - 1]}\n{added}"
