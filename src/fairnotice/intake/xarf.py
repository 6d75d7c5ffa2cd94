"""XARF v4 reports (xarf.org) as notices.

A report says what software saw. It has no statement of good faith, so it is no notice in the full sense of
article 16(2)(d): it enters as SOURCE_TYPE_OTHER_NOTIFICATION with `good_faith` None, and a person looks at it
like at any other. Its evidence is named but not kept: no door takes files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, NoReturn

import jsonschema_rs

from fairnotice.cases.drafts import MAX_NOTE, MAX_WHY, ItemDraft, NoticeDraft, check_email
from fairnotice.intake.contact import without_contact
from fairnotice.intake.unreadable import Unreadable
from fairnotice.law.problems import problem_for_xarf

Json = dict[str, Any]
_MASTER = "xarf-v4-master.json"
_CORE = "xarf-core.json"
# Where the reported thing is, nearest first; `source_identifier` is in every report.
_PLACES = ("url", "infringing_url", "source_identifier")
# Fields that say where more exactly, and belong into the note of the item.
_NOTED = ("source_port", "newsgroup", "uploader_id")
_NOT_DETAILS = frozenset(
    {
        "xarf_version", "report_id", "timestamp", "reporter", "sender", "category", "type", "evidence",
        "tags", "description", "_internal", "legacy_version", "evidence_source", *_PLACES, *_NOTED,
    }
)  # fmt: skip
_CUT = "\n[The report goes on.]"


def to_draft(report: Json) -> NoticeDraft:
    """The draft that a report stands for. Raises Unreadable where it breaks the schemas of its version."""
    if not str(report.get("xarf_version")).startswith("4."):
        raise Unreadable("Only XARF version 4 is read.", "/xarf_version")
    _check(report)
    reporter = report["reporter"]
    problem = problem_for_xarf(report["category"], report["type"])
    place = next(name for name in _PLACES if report.get(name))
    return without_contact(
        NoticeDraft(
            items=[ItemDraft(str(report[place]).strip(), _cut(_note(report, place), MAX_NOTE))],
            problem=problem.slug,
            why=_cut(_why(report), MAX_WHY),
            # The contact of an organisation's abuse desk: optional as for anybody else.
            name=reporter["org"].strip(),
            email=reporter["contact"].strip() if check_email(reporter["contact"]) else "",
            good_faith=None,
            source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
        )
    )


def _check(report: Json) -> None:
    """Against the schema of the type, or of all reports where the type is newer than our copy. Formats (of
    dates, addresses) are not checked: a sloppy sender may still be right."""
    master, core = _validators()
    for validator in (core, master):
        try:
            error = next(iter(validator.iter_errors(report)), None)
        except ValueError:
            raise Unreadable("This report is nested too deeply.") from None
        if error is None:
            continue
        pointer = "".join(f"/{_escaped(part)}" for part in error.instance_path)
        if validator is master and not pointer and _kind(report) not in _known_kinds():
            continue
        raise Unreadable(f"This breaks the XARF schema: {error.message}.", pointer)


def _kind(report: Json) -> tuple[str, str]:
    return report["category"], report["type"]


def _escaped(part: str | int) -> str:
    text = str(part).encode("utf-8", "replace").decode()
    return text.replace("~", "~0").replace("/", "~1")


@cache
def _schemas() -> dict[str, Json]:
    """The package's schemas by file name."""
    folder = resources.files("xarf") / "schemas"
    files = [*folder.iterdir(), *(folder / "types").iterdir()]
    return {file.name: json.loads(file.read_text("utf-8")) for file in files if file.name.endswith(".json")}


@cache
def _validators() -> tuple[jsonschema_rs.Draft202012Validator, jsonschema_rs.Draft202012Validator]:
    """Of known types, and of any report."""
    schemas = _schemas()
    registry = jsonschema_rs.Registry(
        [(schema["$id"], schema) for schema in schemas.values()], retriever=_refuse
    )
    master, core = (
        jsonschema_rs.Draft202012Validator(
            schemas[name], registry=registry, validate_formats=False, mask="the value", retriever=_refuse
        )
        for name in (_MASTER, _CORE)
    )
    return master, core


def _refuse(uri: str) -> NoReturn:
    # Nothing is ever fetched: all schemas lie in the package.
    raise ValueError(f"no such schema in the package: {uri}")


@cache
def _known_kinds() -> frozenset[tuple[str, str]]:
    known = _schemas()[_MASTER]["allOf"][1]["anyOf"]
    return frozenset(
        (one["properties"]["category"]["const"], kind)
        for one in known
        for kind in one["properties"]["type"]["enum"]
    )


def _note(report: Json, place: str) -> str:
    parts = [f"{_words(name)}: {report[name]}" for name in _NOTED if report.get(name)]
    message, swarm = report.get("message_info"), report.get("swarm_info")
    if isinstance(message, dict) and message.get("message_id"):
        parts.append(f"Message: {message['message_id']}")
    if isinstance(swarm, dict) and swarm.get("info_hash"):
        parts.append(f"Info hash: {swarm['info_hash']}")
    if place == "source_identifier":
        # Who used an address is a question of the moment.
        parts.append(f"Seen at {report['timestamp']}")
    return "; ".join(parts)


def _why(report: Json) -> str:
    """A sentence and the report's plain fields, one a line: its senders leave out any text of their own."""
    source = (
        f", found by {_words(report['evidence_source']).lower()}" if report.get("evidence_source") else ""
    )
    lines = [
        f"A program reports {_words(report['type']).lower()} (category {report['category']}), "
        f"seen at {report['timestamp']}{source}."
    ]
    if report.get("description"):
        lines.append(report["description"])
    lines.extend(_details(report))
    evidence = [str(one.get("description") or one["content_type"]) for one in report.get("evidence", [])]
    if evidence:
        lines.append(f"The report came with evidence that is not kept here: {'; '.join(evidence)}.")
    return "\n".join(lines)


def _details(report: Json) -> Iterator[str]:
    for name, value in report.items():
        if name in _NOT_DETAILS:
            continue
        values = value if isinstance(value, list) else [value]
        plain = [_plain(one) for one in values if isinstance(one, str | int | float)]
        if plain and len(plain) == len(values):
            yield f"{_words(name)}: {', '.join(plain)}"


def _plain(value: str | int | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        return str(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return "a very large number"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT
