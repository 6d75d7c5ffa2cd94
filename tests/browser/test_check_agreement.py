"""The page's modules and `fairnotice verify` say the same of every file, whole or tampered with."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import fairnotice.ledger
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.evidence import verify_evidence
from tests.browser import tampering, tampering_signed
from tests.browser.visit import Visit

SCRIPTS = Path(fairnotice.ledger.__file__).parent / "static" / "fairnotice" / "check"
NODES = [found for found in [shutil.which("node")] if found]
# `verifyEvidence` and the cases are given; the same text runs in a browser and in Node.
RUN = """
const said = [];
for (const { doc, vkeys, promiseVkeys, now } of cases) {
  const bytes = Uint8Array.from(atob(doc), (char) => char.charCodeAt(0));
  try {
    const { records, overdue } = await verifyEvidence(bytes, { vkeys, promiseVkeys, now, strict: true });
    const proven = records.filter((record) => record.proof);
    const entries = proven.map(({ log, proof }) => [log.origin, Number(proof.index), Number(proof.checkpoint.size)]);
    said.push({ entries, pending: records.length - proven.length, overdue: overdue.length });
  } catch (fault) {
    said.push({ refused: fault.name === "Refused", why: String(fault) });
  }
}
"""


def by_python(case: tampering.Case) -> dict[str, Any] | None:
    """What `fairnotice verify` finds; None where it refuses."""
    try:
        found = verify_evidence(case.doc, case.vkeys, promise_vkeys=case.promise_vkeys, now=case.now)
    except TranslogError:
        return None
    entries = [list(entry) for entry in found.entries]
    return {"entries": entries, "pending": len(found.promised), "overdue": len(found.overdue)}


def agree(cases: list[tampering.Case], answers: list[dict[str, Any]]) -> None:
    """Both took and refused the same, and found the same in what they took."""
    wrong = []
    for case, answer in zip(cases, answers, strict=True):
        ours = by_python(case)
        if (answer != ours) if ours else (answer.get("refused") is not True):
            wrong.append(f"{case.name}: the program says {ours}, the page {answer}")
    assert wrong == [], "\n".join(wrong)
    taken = sum("entries" in answer for answer in answers)
    assert len(cases) > 400
    assert 60 < taken < len(cases) / 2, "both sound and tampered files are among them"


def given(cases: list[tampering.Case]) -> list[dict[str, Any]]:
    return [
        {
            "doc": base64.b64encode(case.doc).decode(),
            "vkeys": case.vkeys,
            "promiseVkeys": case.promise_vkeys,
            "now": case.now,
        }
        for case in cases
    ]


@pytest.mark.browser
@pytest.mark.usefixtures("fn_db")
def test_the_browser_and_the_program_agree(chromium: Browser, visit: Visit) -> None:
    cases = tampering.cases() + tampering_signed.cases()
    page = visit.page("/about/")
    script = (
        "async (cases) => { const { verifyEvidence } = await import('/static/fairnotice/check/evidence.js');"
        f"{RUN} return said; }}"
    )
    agree(cases, page.evaluate(script, given(cases)))


@pytest.mark.parametrize("node", NODES)
def test_node_and_the_program_agree(tmp_path: Path, node: str) -> None:
    """A second engine; where there is none, the same is tested in Chromium above."""
    shutil.copytree(SCRIPTS, tmp_path / "check")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "run.js").write_text(
        'import { readFileSync } from "node:fs"; import { verifyEvidence } from "./check/evidence.js";'
        'const cases = JSON.parse(readFileSync(0, "utf8"));'
        f"{RUN}console.log(JSON.stringify(said));"
    )
    cases = tampering.cases() + tampering_signed.cases()
    done = subprocess.run(
        [node, "--no-warnings", str(tmp_path / "run.js")],
        input=json.dumps(given(cases)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    agree(cases, json.loads(done.stdout))
