"""Where an entry stands in the public log, told from the same file that a reader downloads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fairnotice.cases.models import PublicEntry
from fairnotice.ledger import refresh
from fairnotice.translog.encoding import decode_base64
from fairnotice.translog.errors import ProofError, TranslogError
from fairnotice.translog.notes import Verifier
from fairnotice.translog.proof import parse_proof, verify_proof


@dataclass(frozen=True)
class Place:
    """One record of an entry: what it is, the log it stands in (that of its year), and its number in that log
    of `size` entries, counted from 1. Both numbers are 0 while the record waits."""

    kind: str
    origin: str
    number: int
    size: int

    @property
    def label(self) -> str:
        return {
            "decision": _("The decision"),
            "summary": _("The public summary, after the second look"),
            "appeal": _("The answer to the appeal"),
        }[self.kind]


@dataclass(frozen=True)
class Proof:
    """The file for `fairnotice verify`, and where its records stand. Whole once every record is in the
    published log; before, the file would prove less than the page says. Broken: the published log could not
    be read or does not agree with the entry, which a page must not pass off as waiting."""

    document: dict[str, Any]
    places: tuple[Place, ...]
    broken: bool = False

    @property
    def whole(self) -> bool:
        return bool(self.places) and all(place.number for place in self.places)

    @property
    def logs(self) -> list[dict[str, str]]:
        """`origin` and `vkey` of each log that its records stand in."""
        return [{"origin": log["origin"], "vkey": log["vkey"]} for log in self.document.get("logs", [])]

    @property
    def origins(self) -> str:
        return ", ".join(log["origin"] for log in self.logs)

    def text(self) -> str:
        """The file itself, readable by people too."""
        return json.dumps(self.document, indent=1, ensure_ascii=False) + "\n"


def proof_of(entry: PublicEntry) -> Proof:
    """The entry's proof against the latest published checkpoint, checked here as a reader would."""
    try:
        document = refresh.with_proofs(entry.evidence)
        keys = {log["origin"]: log["vkey"] for log in document["logs"]}
        return Proof(document, tuple(_place(one, keys[one["origin"]]) for one in document["records"]))
    except (TranslogError, OSError, KeyError):
        return Proof(entry.evidence, (), broken=True)


def file_name(entry: PublicEntry) -> str:
    """What the downloaded file is called."""
    return f"fair-notice-{entry.ref}.json"


def _place(record: dict[str, Any], vkey: str) -> Place:
    paths = {opening["path"] for opening in record["openings"]}
    kind = "summary" if "summary" in paths else "appeal" if "outcome" in paths else "decision"
    if not record["proof"]:
        return Place(kind, record["origin"], 0, 0)
    found = parse_proof(record["proof"])
    leaf = decode_base64(record["leaf"], "the entry", ProofError)
    size = verify_proof(found, leaf, Verifier.from_vkey(vkey)).size
    return Place(kind, record["origin"], found.index + 1, size)
