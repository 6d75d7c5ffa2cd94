"""What becomes of each of the 32 types of XARF v4: the table of docs/machine-reports.md, held against the examples that
stand in the standard's schemas and, where they lie beside the checkout, against its published samples."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import xarf

from fairnotice.cases.drafts import check_notice
from fairnotice.intake.readers import read_notice
from fairnotice.intake.unreadable import Unreadable
from fairnotice.intake.xarf import NotAnItem
from fairnotice.law.problems import PROBLEM_BY_SLUG
from fairnotice.plumbing import xarf_schemas
from tests.intake.reports import FAULTY, samples

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("FAIRNOTICE_XARF_SAMPLES") or ROOT.parent / "shared" / "data" / "xarf-v4")

# Type -> the problem it is read as and the field that names the place; None: not about an item.
EXPECTED: dict[str, tuple[str, str] | None] = {
    "connection/ddos": None,
    "connection/infected_host": None,
    "connection/login_attack": None,
    "connection/port_scan": None,
    "connection/reconnaissance": None,
    "connection/scraping": None,
    "connection/sql_injection": None,
    "connection/vulnerability_scan": None,
    "content/brand_infringement": ("trademark", "url"),
    "content/csam": ("child-abuse", "url"),
    "content/csem": ("child-abuse", "url"),
    "content/exposed_data": ("privacy", "url"),
    "content/fraud": ("scam", "url"),
    "content/malware": ("malware", "url"),
    "content/phishing": ("phishing", "url"),
    "content/remote_compromise": ("other", "url"),
    "content/suspicious_registration": ("scam", "url"),
    "copyright/copyright": ("copyright", "infringing_url"),
    "copyright/cyberlocker": ("copyright", "infringing_url"),
    "copyright/link_site": ("copyright", "infringing_url"),
    "copyright/p2p": ("copyright", "source_identifier"),
    "copyright/ugc_platform": ("copyright", "infringing_url"),
    "copyright/usenet": ("copyright", "source_identifier"),
    "infrastructure/botnet": None,
    "infrastructure/compromised_server": None,
    "messaging/bulk_messaging": None,
    "messaging/spam": None,
    "reputation/blocklist": None,
    "reputation/threat_intelligence": None,
    "vulnerability/cve": None,
    "vulnerability/misconfiguration": None,
    "vulnerability/open_service": None,
}
NO_CONTACT = {"child-abuse"}


def published() -> dict[str, dict[str, Any]]:
    """The samples of the standard by file name; empty where they are not there."""
    return {file.name: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))}


def examples() -> dict[str, dict[str, Any]]:
    """Those in the schemas, but for three that break the schema they stand in."""
    return {name: value for name, value in samples().items() if name not in FAULTY}


def type_of(report: dict[str, Any]) -> str:
    return f"{report['category']}/{report['type']}"


def check(report: dict[str, Any], name: str) -> None:
    """Read the report and compare with the table."""
    expected = EXPECTED[type_of(report)]
    data = json.dumps(report).encode()
    if expected is None:
        with pytest.raises(NotAnItem, match=f"{type_of(report)}.*not about an item") as caught:
            read_notice(data, name)
        assert caught.value.kind == (report["category"], report["type"])
        return
    problem, place = expected
    draft, door, machine = read_notice(data, name)
    assert (door, machine) == ("xarf", True)
    assert check_notice(draft, machine=machine) == []
    assert draft.problem == problem
    assert draft.problem in PROBLEM_BY_SLUG
    assert [item.location for item in draft.items] == [report[place]]
    assert report["timestamp"] in draft.why
    assert draft.report is not None
    assert (draft.report["kind"], draft.report["seen_at"]) == (type_of(report), report["timestamp"])
    assert len(draft.report.get("evidence", [])) == len(report.get("evidence", []))
    reporter = report["reporter"]
    wanted = ("", "") if problem in NO_CONTACT else (reporter["org"], reporter["contact"])
    assert (draft.name, draft.email) == wanted


def test_the_table_has_every_type_that_the_schemas_know() -> None:
    assert {tuple(kind.split("/")) for kind in EXPECTED} == set(xarf_schemas.kinds())


def test_the_table_in_the_docs_says_the_same() -> None:
    page = (ROOT / "docs" / "machine-reports.md").read_text("utf-8").partition("## XARF 4")[2]
    page = page.partition("## XARF 0.2")[0]
    told: dict[str, tuple[str, str] | None] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 3 or not cells[0].startswith("`"):
            continue
        place = re.search(r"`(\w+)`", cells[2])
        read_as = None if cells[1].startswith("not about an item") else (cells[1], place[1] if place else "")
        told |= dict.fromkeys(re.findall(r"`([\w/]+)`", cells[0]), read_as)
    assert told == EXPECTED


@pytest.mark.parametrize("name", sorted(examples()))
def test_an_example_in_the_schemas_is_read_as_the_table_says(name: str) -> None:
    check(examples()[name], name)


def test_the_package_of_the_standard_reads_the_same_samples() -> None:
    """An oracle for what counts as sound."""
    found = published() or examples()
    for name, report in found.items():
        parsed = xarf.parse(report)
        assert parsed.report is not None, name
        assert type_of(report) == f"{parsed.report.category}/{parsed.report.type}"


def test_a_newer_type_counts_by_its_category_or_its_place() -> None:
    base = samples()["content-fraud"]
    flood = {**base, "category": "connection", "type": "slow_flood", "url": None}
    del flood["url"]
    with pytest.raises(NotAnItem, match="This report is about network traffic"):
        read_notice(json.dumps(flood).encode())
    page = {**base, "category": "reputation", "type": "bad_page"}
    assert read_notice(json.dumps(page).encode())[0].items[0].location == base["url"]


def test_a_broken_report_is_called_broken_and_not_put_aside() -> None:
    with pytest.raises(Unreadable) as caught:
        read_notice(json.dumps({**samples()["connection-scraping"], "source_port": 0}).encode())
    assert not isinstance(caught.value, NotAnItem)
    assert caught.value.pointer == "/source_port"
