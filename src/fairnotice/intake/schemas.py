"""The JSON shapes of the API and of notice files. Lengths are those of `cases.drafts`; rules across fields
are said there too, so a body that fits these shapes may still have faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from ninja.params import functions as parameters
from pydantic import ConfigDict, Field, StrictBool, StrictStr

from fairnotice.cases.drafts import (
    MAX_EMAIL,
    MAX_INVOLVED,
    MAX_ITEMS,
    MAX_LAW,
    MAX_LOCATION,
    MAX_NAME,
    MAX_NOTE,
    MAX_WHY,
    Fault,
    ItemDraft,
    NoticeDraft,
)
from fairnotice.cases.errors import FaultLike
from fairnotice.intake.contact import without_contact
from fairnotice.law.problems import PROBLEMS


def idempotency_key_header(description: str) -> Any:
    """The header under which a client says that a request is the same as an earlier one."""
    return parameters.Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description=description,
    )


_LONGEST_PATH = 120
_MOST_FAULTS = 100
_FORBID = ConfigDict(extra="forbid")


class ItemIn(Schema):
    """One exact location: a URL, or words that say exactly where."""

    model_config = _FORBID

    location: Annotated[
        StrictStr,
        Field(min_length=3, max_length=MAX_LOCATION, examples=["https://forum.example.org/post/7"]),
    ]
    note: Annotated[
        StrictStr,
        Field(max_length=MAX_NOTE, description="What to look at there.", examples=["second picture"]),
    ] = ""


class NoticeIn(Schema):
    """A notice. Name and e-mail are optional, always; for the abuse of children they are not kept even if
    given."""

    model_config = _FORBID

    items: Annotated[list[ItemIn], Field(min_length=1, max_length=MAX_ITEMS)]
    problem: Annotated[
        StrictStr,
        Field(
            description="What kind of problem it is, in the words of the form.",
            json_schema_extra={"enum": [problem.slug for problem in PROBLEMS]},
            examples=["defamation"],
        ),
    ]
    why: Annotated[
        StrictStr,
        Field(
            min_length=1,
            max_length=MAX_WHY,
            description="Why it is illegal or breaks a rule, in your own words.",
            examples=["It says that I stole money, which is false."],
        ),
    ]
    ground_kind: Annotated[
        Literal["law", "rules", "unsure"],
        Field(description="What it breaks: a law, a published rule (see `clause`), or you are not sure."),
    ] = "unsure"
    law: Annotated[
        StrictStr, Field(max_length=MAX_LAW, description="Which law, where `ground_kind` is `law`.")
    ] = ""
    clause: Annotated[
        StrictStr,
        Field(
            max_length=40,
            description="Reference of the rule, where `ground_kind` is `rules`.",
            examples=["3.2"],
        ),
    ] = ""
    name: Annotated[StrictStr, Field(max_length=MAX_NAME, description="Optional, never checked.")] = ""
    email: Annotated[
        StrictStr,
        Field(
            max_length=MAX_EMAIL,
            description="Optional: where the answer is sent.",
            examples=["notifier@example.org"],
        ),
    ] = ""
    good_faith: Annotated[
        StrictBool,
        Field(description="That you believe in good faith that this is accurate and complete. Must be true."),
    ]
    staff_involved: Annotated[
        StrictBool,
        Field(
            description="Somebody who works at this service is involved: only people of trust see it, and "
            "nobody whom it concerns."
        ),
    ] = False
    involved: Annotated[
        StrictStr,
        Field(max_length=MAX_INVOLVED, description="Optional: who at this service it is. Kept sealed."),
    ] = ""
    involved_role: Annotated[
        StrictStr,
        Field(
            max_length=32,
            description="Optional: who at this service must learn nothing of it, as `role:` and a role.",
            examples=["role:administrator"],
        ),
    ] = ""
    life_in_danger: Annotated[
        StrictBool,
        Field(
            description="Somebody's life or safety is in danger now: it goes before all others. Emergency "
            "services are quicker; call them first."
        ),
    ] = False
    language: Annotated[
        StrictStr,
        Field(max_length=8, description="Language of your words, as a short code.", examples=["en"]),
    ] = ""

    def to_draft(self) -> NoticeDraft:
        """The draft that every door makes. Not checked yet: `check_notice` does."""
        return without_contact(
            NoticeDraft(
                items=[ItemDraft(item.location, item.note) for item in self.items],
                problem=self.problem,
                why=self.why,
                ground_kind=self.ground_kind,
                law=self.law,
                clause=self.clause,
                name=self.name,
                email=self.email,
                good_faith=self.good_faith,
                staff_involved=self.staff_involved or bool(self.involved.strip() or self.involved_role),
                involved=self.involved,
                involved_role=self.involved_role,
                life_in_danger=self.life_in_danger,
                language=self.language,
            )
        )


class NoticeOut(Schema):
    """What is said about a notice that came in: nothing by which it could be found without the code."""

    received_at: datetime
    problem: str
    items: Annotated[int, Field(description="How many items it names.")]


class SubmittedOut(Schema):
    """The answer to a notice. The code is not shown again, except to a retry with the same
    Idempotency-Key."""

    notice: NoticeOut
    code: Annotated[
        str,
        Field(
            description="Receipt code: opens the answer and the appeal.",
            examples=["ABCDE-FGHIJ-KLMNO-PQRST-UVWXYZ"],
        ),
    ]
    receipt: Annotated[
        dict[str, Any],
        Field(
            description="Evidence file with the public log’s signed promise; `fairnotice verify` checks it."
        ),
    ]


class SubmittedWithFilesOut(SubmittedOut):
    """The same of a notice to which files may belong."""

    files: Annotated[
        list[dict[str, Any]], Field(description="SHA-256 and length of each file taken in.")
    ] = []
    files_not_taken: Annotated[
        str, Field(description="Why files were thrown away unread; empty where none were.")
    ] = ""


class EffectIn(Schema):
    """What the service's own software did about a measure."""

    model_config = _FORBID

    effect: Annotated[
        Literal["confirmed", "failed", "restored", "restore_failed"],
        Field(
            description="`confirmed`: carried out; `failed`: could not be. Once the measure has ended or was "
            "reversed: `restored`: undone; `restore_failed`: could not be. A report about the other of the "
            "two gets 409."
        ),
    ]
    note: Annotated[
        StrictStr, Field(max_length=500, description="Name no person and quote nothing here.")
    ] = ""


class EffectOut(Schema):
    """The state after the report."""

    measure: str
    effect: Annotated[str, Field(examples=["confirmed"])]
    at: datetime | None


class FaultOut(Schema):
    """One thing that is wrong."""

    path: Annotated[
        str, Field(description="Which field, as in `items.0.location`.", examples=["items.0.location"])
    ]
    code: Annotated[str, Field(examples=["missing"])]
    message: str


class ErrorOut(Schema):
    """Every error has this shape."""

    code: Annotated[str, Field(examples=["invalid"])]
    message: str
    faults: list[FaultOut]


def error(code: str, message: str, faults: Iterable[FaultLike] = ()) -> dict[str, Any]:
    """An ErrorOut as plain JSON."""
    listed = [{"path": f.path, "code": f.code, "message": f.message} for f in faults]
    return {"code": code, "message": message, "faults": listed[:_MOST_FAULTS]}


def faults_of(errors: Iterable[Mapping[str, Any]], *, inside: tuple[str, ...] = ()) -> list[Fault]:
    """What the validation of a shape found, as faults. Never repeats what was sent, except unknown field
    names.

    `inside`: names in front of the path that only the framework knows.
    """
    found = []
    for one in errors:
        parts = [str(part) for part in one["loc"]]
        while parts and parts[0] in inside:
            parts.pop(0)
        path = ".".join(parts).encode("utf-8", "replace").decode()
        message = "There is no such field." if one["type"] == "extra_forbidden" else str(one["msg"])
        found.append(Fault(path[:_LONGEST_PATH], str(one["type"]), message))
    return found
