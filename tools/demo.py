"""The whole way once, with real input, through the same actions and the same log as the site."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
STEPS = 14
# Sign-in name -> roles: few people, but never one who decides alone.
PEOPLE = {
    "demo-reviewer": ["reviewer"],
    "demo-senior": ["senior_reviewer", "publisher"],
    "demo-appeals": ["appeals_reviewer"],
    "demo-admin": ["administrator"],
    "demo-auditor": ["auditor"],
}

if TYPE_CHECKING:
    from fairnotice.cases.actions.submit import Submitted
    from fairnotice.cases.models import AccessCode, Case, Decision
    from fairnotice.cases.permissions import Actor


class Progress:
    """Numbered lines in plain words."""

    def __init__(self) -> None:
        self.number = 0

    def step(self, text: str) -> None:
        self.number += 1
        print(f"[{self.number:2}/{STEPS}] {text}", flush=True)

    @staticmethod
    def more(text: str) -> None:
        print(f"        {text}", flush=True)


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 all verified, 1 something is wrong with the input or the folder, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="stop after the proof")
    parser.add_argument("--notice", type=Path, metavar="FILE", help="our JSON or an XARF v4 JSON file")
    parser.add_argument(
        "--data", type=Path, default=ROOT / "var" / "demo", metavar="DIR", help="the data folder"
    )
    parser.add_argument("--port", type=int, default=8000, help="where the site listens (127.0.0.1)")
    args = parser.parse_args(argv)
    from fairnotice.site.setup import NotReady

    try:
        passwords = walk(args)
    except NotReady as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    except Exception as error:
        if not _is_for_people(error):
            raise
        print(error, file=sys.stderr)
        return 1
    if args.no_serve:
        return 0
    print(f"\nThe site: http://127.0.0.1:{args.port}/   the desk: http://127.0.0.1:{args.port}/desk/")
    print("Sign-in names, with passwords made for this run:")
    for name, password in passwords.items():
        print(f"  {name:15} {password}   {', '.join(r.replace('_', ' ') for r in PEOPLE[name])}")
    print("Stop with Ctrl-C.\n", flush=True)
    serve = [sys.executable, "-m", "fairnotice", "serve", "--data", str(args.data), "--port", str(args.port)]
    # In place of this process: Ctrl-C then reaches the one that stops everything in order.
    os.execv(sys.executable, serve)


def _is_for_people(error: Exception) -> bool:
    """Whether the error's own text is what a person needs to know."""
    from fairnotice.cases.errors import ActionError
    from fairnotice.intake.readers import Unreadable
    from fairnotice.ledger.publishing import LogAhead

    return isinstance(error, ActionError | Unreadable | LogAhead)


def walk(args: argparse.Namespace) -> dict[str, str]:
    """Everything up to the proof; returns the passwords."""
    say = Progress()
    notice_file = args.notice or EXAMPLES / "notice.json"
    notice_bytes = notice_file.read_bytes()
    _folder(say, args.data, args.port)
    _operator(say)
    actors, passwords = _people(say)
    submitted = _notice(say, notice_bytes, notice_file)
    case = _case(say, submitted)
    decision = _decide(say, case, actors["demo-reviewer"])
    access = _told(say, decision)
    _appeal(say, decision, access, actors["demo-appeals"])
    ref = _publish(say, decision, actors["demo-senior"])
    _prove(say, args.data, ref)
    return passwords


def _folder(say: Progress, data: Path, port: int) -> None:
    from fairnotice.site import init
    from fairnotice.site.config import Config

    say.step(f"A data folder of its own: {data}")
    config = Config(
        operator_name="Example Forum (demo)",
        operator_contact="contact@forum.example.org",
        base_url=f"http://127.0.0.1:{port}",
        log_origin=f"127.0.0.1:{port}/log",
        log_interval=1,
        promise_delay=60,
        register_interval=60,
        mail_from="notices@forum.example.org",
        dispute_bodies=["Example Dispute Settlement Body"],
        helplines=[
            {
                "name": "Example Helpline",
                "country": "EU",
                "contact": "here stands its number",
                "url": "https://helpline.example.org/",
                "note": "day and night",
            }
        ],
    )
    init.run(data, config=config, say=say.more)
    from fairnotice.cases.models import Notice, PublicEntry
    from fairnotice.ledger import sequencer
    from fairnotice.ledger.models import LogEntry

    sequencer.publish()
    if Notice.objects.exists():
        say.more(
            f"Found from earlier: {Notice.objects.count()} notices, {PublicEntry.objects.count()} public "
            f"entries, {LogEntry.objects.count()} entries in the log. This run adds to them."
        )


def _operator(say: Progress) -> None:
    from fairnotice.answerable.actions.imports import import_file
    from fairnotice.cases.actions.rules import parse_rules, publish_rules
    from fairnotice.cases.queries.public import current_rules

    say.step("An example operator: published rules, and a register of who answers for what")
    rules = current_rules()
    if rules is None:
        clauses = parse_rules((EXAMPLES / "rules.md").read_text("utf-8"))
        rules = publish_rules(clauses=clauses, note="First version.")
        say.more(f"Published version 1 of the rules, {len(clauses)} clauses.")
    else:
        say.more(f"Found version {rules.number} of the rules.")
    result = import_file(path=EXAMPLES / "answerable.csv", actor_id=None, source="example")
    say.more(f"Organisations and resources: {result.added} lines new, {result.unchanged} known.")


def _people(say: Progress) -> tuple[dict[str, Actor], dict[str, str]]:
    from fairnotice.accounts.actions import add_user, grant_roles, renew_password
    from fairnotice.accounts.models import User

    say.step("People with different roles, so that nobody decides alone")
    actors, passwords = {}, {}
    for name, roles in PEOPLE.items():
        user = User.objects.filter(username=name).first()
        if user is None:
            user, passwords[name] = add_user(username=name, roles=roles)
        else:
            grant_roles(user=user, roles=roles)
            passwords[name] = renew_password(user=user)
        actors[name] = user.actor()
    say.more(", ".join(PEOPLE))
    return actors, passwords


def _notice(say: Progress, data: bytes, file: Path) -> Submitted:
    from fairnotice.cases.actions.submit import submit_notice
    from fairnotice.intake.readers import read_notice
    from fairnotice.law.problems import PROBLEM_BY_SLUG
    from fairnotice.vault.codes import show

    say.step(f"A notice comes in: {file.name}")
    draft, door, machine = read_notice(data, file.name)
    _make_known(say, [item.location for item in draft.items])
    submitted = submit_notice(draft=draft, door=door, machine=machine)
    say.more(f"About: {PROBLEM_BY_SLUG[draft.problem].label}. Items: {len(draft.items)}.")
    say.more(f"The notifier's receipt code, shown once: {show(submitted.code)}")
    return submitted


def _make_known(say: Progress, locations: list[str]) -> None:
    """The example register cannot know every place: those of a given notice are entered first."""
    from fairnotice.answerable import lookup
    from fairnotice.answerable.actions.delegate import Terms, delegate

    for location in locations:
        chain = lookup.find(location)
        if chain.links or chain.target is None:
            continue
        terms = Terms(valid_from=date(2024, 2, 1), visibility="public", source="demo")
        for holder, giver in (("HOST-EXAMPLE", ""), ("FORUM-EXAMPLE", "HOST-EXAMPLE")):
            delegate(
                actor_id=None, resource=chain.target, holder=holder, giver=giver, kind="hosting", terms=terms
            )
        say.more("Its place was unknown here: the demo wrote it down as one of the example operator's.")


def _case(say: Progress, submitted: Submitted) -> Case:
    from fairnotice.answerable.chains import Chain
    from fairnotice.cases import sealed

    say.step("Who is answerable for it")
    item = submitted.notice.items.select_related("case").first()
    if item is None or item.case is None:
        raise RuntimeError("a notice without a case")
    chain = Chain.from_json(sealed.read_json("item", item.ref, "chain"))
    if chain.links:
        say.more(" -> ".join(link.name for link in chain.links))
    say.more(chain.reason)
    say.step(f"Case {item.case.ref} is opened")
    say.more(f"Due {item.case.due_at:%Y-%m-%d %H:%M} UTC. {' '.join(item.case.reasons)}")
    return item.case


def _decide(say: Progress, case: Case, reviewer: Actor) -> Decision:
    from django.utils import timezone

    from fairnotice.cases.actions import claim, decide
    from fairnotice.cases.models import NoticeItem
    from fairnotice.law.draft import Draft, MeasureDraft
    from fairnotice.law.taxonomy import CATEGORIES

    say.step("A reviewer takes the case on")
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    item = NoticeItem.objects.select_related("notice").filter(case=case).latest("id")
    today = timezone.localdate()
    clause = {"privacy": "3.2", "phishing": "3.1", "scam": "3.1", "copyright": "3.3"}.get(case.problem, "2")
    draft = Draft(
        measures=[
            MeasureDraft(
                kind="DECISION_VISIBILITY_CONTENT_DISABLED",
                start=today,
                review=today + timedelta(days=180),
                how_to_reverse="The item is shown again as it was; nothing is deleted.",
            )
        ],
        ground="rules",
        ground_reference=f"1/{clause}",
        explanation="The clause forbids exactly this, and what was found meets each of its conditions.",
        facts="The item was opened and read in full. It is as the notice describes it, and public today.",
        content_types=["CONTENT_TYPE_TEXT"],
        category=item.notice.category,
        keywords=[item.notice.keyword] if item.notice.keyword else [],
        keyword_other="Named in the notice." if item.notice.keyword == "KEYWORD_OTHER" else "",
        content_date=today - timedelta(days=2),
        content_language="EN",
        source_type=item.notice.source_type,
        necessity="Harm grows with every reader; hiding the item is what stops it.",
        milder_considered="A label was considered: it would leave the harmful part readable.",
        paraphrase="Somebody told us that the item breaks this clause and harms other people.",
    )
    say.step("The reviewer decides, on a cited ground, with facts, reasons, an end and a way to appeal")
    decision = decide.decide(
        actor=reviewer,
        case_ref=case.ref,
        version=case.version,
        draft=draft,
        reach=decide.Reach("email", "author@example.net"),
        summary="An item that broke the published rules was made inaccessible after a notice.",
    )
    say.more(f"Decision {decision.ref}: access disabled, looked at again in 180 days.")
    say.more(f"Ground: {decision.ground_text}. Category: {CATEGORIES[decision.category]}.")
    return decision


def _told(say: Progress, decision: Decision) -> AccessCode:
    from fairnotice.cases import codes
    from fairnotice.cases.actions import effect
    from fairnotice.delivery.runner import run_due
    from fairnotice.vault.codes import show

    say.step("Statements of reasons go to both sides; only then the measure takes effect")
    letters = run_due()
    for statement in decision.statements.select_related("status"):
        who = "affected party" if statement.audience == "affected" else "notifier"
        say.more(f"To the {who}: {statement.status.channel}, {statement.status.state}.")
    say.more(f"{letters} letters are now files in the folder 'mail' (no mail server is set).")
    measure = decision.measures.get()
    effect.report_effect(measure_ref=measure.ref, effect="confirmed", actor=_holder(decision))
    say.more("The service reports: carried out.")
    code = codes.mint(side="affected", case=decision.case)
    say.more(f"A code for the affected party, to try their pages: {show(code)}")
    access = codes.find(code)
    if access is None:
        raise RuntimeError("a fresh code that opens nothing")
    return access


def _holder(decision: Decision) -> Actor:
    actor: Actor = decision.decided_by.actor()
    return actor


def _appeal(say: Progress, decision: Decision, access: AccessCode, reviewer: Actor) -> None:
    from django.utils import timezone

    from fairnotice.cases.actions import appeal, effect
    from fairnotice.delivery.runner import run_due

    say.step("The affected party appeals")
    lodged = appeal.lodge(
        access=access,
        decision_ref=decision.ref,
        reasons="Half a year is too long. What was wrong in it I have corrected, and I can show that.",
    )
    say.step("Somebody else looks at it, and reverses the decision in part")
    appeal.claim_appeal(actor=reviewer, appeal_ref=lodged.ref, version=1)
    measure = decision.measures.get()
    end = timezone.localdate() + timedelta(days=14)
    answer = appeal.decide_appeal(
        actor=reviewer,
        appeal_ref=lodged.ref,
        version=2,
        outcome="partly_reversed",
        reasons="The ground stands. Fourteen days are enough for the correction that was offered.",
        changes=[appeal.ChangeDraft(measure.ref, "shorten", end)],
    )
    run_due()
    status = type(measure).objects.get(pk=measure.pk).status
    if status.effect not in ("confirmed", "restored"):
        effect.report_effect(measure_ref=measure.ref, effect="confirmed", actor=reviewer)
    say.more(f"The measure now ends on {end:%Y-%m-%d}. Both sides have the reasoned answer ({answer.ref}).")


def _publish(say: Progress, decision: Decision, publisher: Actor) -> str:
    from fairnotice.cases.actions import publish

    say.step("A second look, then the redacted entry goes into the public register")
    publication = decision.publication
    publish.approve_publication(actor=publisher, publication_ref=publication.ref, summary=publication.summary)
    publish.publish_batch()
    say.more(f"Register entry {publication.ref}: no address, no name, no quotation in it.")
    return publication.ref


def _prove(say: Progress, data: Path, ref: str) -> None:
    from fairnotice.cases.models import PublicEntry
    from fairnotice.ledger import keys, sequencer
    from fairnotice.ledger.models import LogEntry
    from fairnotice.ledger.refresh import with_proofs

    say.step("All of it enters the public log, in random order")
    deadline = time.monotonic() + 30
    while sequencer.run_once() == 0 and time.monotonic() < deadline and _waiting():
        time.sleep(0.2)
    say.more(f"{LogEntry.objects.count()} entries are in the log.")
    entry = PublicEntry.objects.get(ref=ref)
    proof = data / f"register-{ref}.json"
    document: dict[str, Any] = with_proofs(entry.evidence)
    proof.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    say.step("The proof is checked by the part of the program that knows neither database nor site")
    say.more(f"fairnotice verify {proof} --vkey {keys.vkey()}")
    # A process of its own with an empty environment: it sees the file and the key, and nothing else.
    done = subprocess.run(
        [sys.executable, "-m", "fairnotice", "verify", str(proof), "--vkey", keys.vkey()],
        env={},
        capture_output=True,
        text=True,
    )
    for line in done.stdout.splitlines()[:-1]:
        say.more(line)
    if done.returncode != 0:
        raise SystemExit(f"The proof was not accepted: {done.stderr.strip()}")
    print(done.stdout.splitlines()[-1], flush=True)


def _waiting() -> bool:
    from fairnotice.ledger.models import Event

    return bool(Event.objects.filter(entry__isnull=True).exists())


if __name__ == "__main__":
    sys.exit(main())
