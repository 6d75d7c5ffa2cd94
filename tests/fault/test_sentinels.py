"""Words that people type into every field of a running service, and what its folder shows of them: nothing.

Every text that belongs to a person is a sentinel. Afterwards the raw bytes of both databases with their logs, of
the published tree and of all that was printed are searched for them.
"""

from __future__ import annotations

import base64
import email
import email.policy
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DataFolder
from tests.review.filling import decision
from tests.site.served import Served, serving, wait_for
from tests.site.visitor import Answer, Visitor

pytestmark = pytest.mark.fault
STEM = "Zqvkx"
ADDRESS = "127.0.0.77"
_CODE = re.compile(r"[A-Z2-7]{5}(?:-[A-Z2-7]{5}){3}-[A-Z2-7]{6}")
RULES = "## 1 Be fair\nNo insults.\n"


def word(name: str) -> str:
    """The sentinel of one field, which names the field in the report of a failure."""
    return STEM + name


class Scene:
    """A served folder with people, and all secrets that were ever shown."""

    def __init__(self, folder: DataFolder, served: Served) -> None:
        self.folder, self.served = folder, served
        self.secrets: list[str] = []

    def program(self, who: Visitor) -> Visitor:
        """The same without a token: one that is not good at a door is refused there."""
        headers = {name: value for name, value in who.headers.items() if name != "Authorization"}
        return replace(who, headers=headers)

    def visitor(self, name: str) -> Visitor:
        """A browser that tells more than it should."""
        said = word(name)
        headers = {
            "User-Agent": said + "agent",
            "Referer": f"https://{said}.example.org/from?q={said}",
            "X-Forwarded-For": f"198.51.100.7, {said}",
            "X-Real-IP": said,
            "Accept-Language": f"en, {said};q=0.1",
            "Authorization": f"Bearer {said}",
        }
        return Visitor(self.served.port, ADDRESS, headers, {"other": said})

    def staff(self, name: str, *roles: str) -> Visitor:
        """Somebody signed in, with a first try that went wrong."""
        options = [part for role in roles for part in ("--role", role)]
        done = self.folder.run("-m", "fairnotice", "user", "add", name, *options)
        found = re.search(r"Password .*: (\S+)", done.stdout)
        assert found, done.stderr
        self.secrets.append(found[1])
        who = self.visitor(name)
        wrong = {"login": name, "password": word("wrongpassword")}
        assert who.post("/accounts/login/", wrong).status == 200
        assert who.post("/accounts/login/", {"login": name, "password": found[1]}).status == 302
        return who

    def ask(self, sql: str, *values: object) -> Any:
        """The first column of the first row."""
        with closing(sqlite3.connect(self.folder.path / "db.sqlite3", timeout=20)) as database:
            row = database.execute(sql, values).fetchone()
            return row[0] if row else None

    def code_in(self, text: str) -> str:
        found = _CODE.search(text)
        assert found, text
        self.secrets += [found[0], found[0].replace("-", "")]
        return found[0]

    def letter_to(self, address: str) -> str:
        """The text of the letter to this address, when it has gone out."""

        def find() -> str:
            for path in sorted((self.folder.path / "mail").glob("*.eml")):
                letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                if letter["To"] == address:
                    text = letter.get_body(("plain",))
                    return str(text.get_content()) if text is not None else ""
            return ""

        return str(wait_for(find))


def done(answer: Answer, *statuses: int) -> Answer:
    complaints = re.findall(r'class="error[^>]*>(.*?)</', answer.text, re.DOTALL)
    assert answer.status in (statuses or (200, 302, 303)), (answer.status, complaints)
    return answer


def report(who: Visitor, name: str, **changes: str) -> Answer:
    """All three steps of the form, with sentinels in every field."""
    fields = {
        "problem": "defamation",
        "why": word(f"{name}why"),
        "ground_kind": "law",
        "law": word(f"{name}law"),
        "name": word(f"{name}name"),
        "email": f"{word(name)}@example.org",
        "good_faith": "on",
        "items-0-location": f"https://{word(name)}.example.org/{word(name)}?q={word(name)}#x",
        "items-0-note": word(f"{name}note"),
        "items-1-location": f"Second shelf, {word(name)}place",
        "items-1-note": "",
        **changes,
    }
    done(who.post("/report/", {**fields, "add": "1"}))
    done(who.post("/report/review/", {**fields, "good_faith": ""}), 422)
    review = done(who.post(f"/report/review/?{word(name)}query={word(name)}", fields))
    token = re.search(r'name="token" value="([^"]+)"', review.text)
    assert token
    return done(who.post("/report/send/", {**fields, "token": token[1]}))


def case_way(scene: Scene, author: str) -> str:
    """Claim and decide the first open case; the author is told by e-mail. Returns the reference of the
    decision."""
    reviewer = scene.staff("reviewer-one", "reviewer")
    case = scene.ask("SELECT ref FROM cases_case WHERE state = 'open' ORDER BY id")
    done(reviewer.get(f"/desk/case/{case}/?{word('casequery')}"))
    done(reviewer.post(f"/desk/case/{case}/claim/", {"version": 1}))
    fields = decision(
        2,
        facts=word("facts"),
        explanation=word("explanation"),
        necessity=word("necessity"),
        milder_considered=word("milder"),
        paraphrase=word("paraphrase"),
        reach_channel="email",
        reach_email=author,
        reach_reason=None,
    )
    done(reviewer.post(f"/desk/case/{case}/decide/", {**fields, "facts": ""}), 422)
    done(reviewer.post(f"/desk/case/{case}/decide/", {**fields, "step": "preview"}))
    done(reviewer.post(f"/desk/case/{case}/decide/", fields), 302)
    done(reviewer.post("/desk/lookup/", {"location": f"https://{word('lookup')}.example.org/"}), 200, 422)
    return str(scene.ask("SELECT ref FROM cases_decision ORDER BY id DESC"))


def appeal_way(scene: Scene, decided: str, author: str) -> None:
    """The author opens what they were told, appeals, and is answered."""
    who = scene.visitor("author")
    code = scene.code_in(scene.letter_to(author))
    done(who.post("/status/", {"code": word("wrongcode")}))
    done(who.post("/status/", {"code": "A" * 26}))
    done(who.post("/status/", {"code": code}), 303)
    statement = scene.ask("SELECT ref FROM cases_statement WHERE audience = 'affected'")
    assert word("facts") in done(who.get(f"/status/statement/{statement}/")).text
    done(who.get(f"/status/receipt/?statement={statement}"))
    done(who.post(f"/status/appeal/{decided}/", {"reasons": word("appealreasons")}), 303)
    assert word("appealreasons") in done(who.get(f"/status/appeal/{decided}/")).text
    appeals = scene.staff("appeals-one", "appeals_reviewer")
    ref = scene.ask("SELECT ref FROM cases_appeal")
    assert word("appealreasons") in done(appeals.get(f"/desk/appeal/{ref}/")).text
    done(appeals.post(f"/desk/appeal/{ref}/claim/", {"version": 1}), 302)
    answer = {"version": 2, "outcome": "upheld", "reasons": word("outcomereasons")}
    done(appeals.post(f"/desk/appeal/{ref}/decide/", answer), 302)


def severe_way(scene: Scene) -> None:
    """A proposed account measure that a second person refuses; a letter; an entry that is withheld; effects."""
    reviewer = scene.staff("reviewer-two", "reviewer")
    senior = scene.staff("senior-two", "senior_reviewer", "publisher")
    case = scene.ask("SELECT ref FROM cases_case WHERE state = 'open' ORDER BY id")
    done(reviewer.post(f"/desk/case/{case}/claim/", {"version": 1}), 302)
    severe = {
        "measures-0-kind": "DECISION_ACCOUNT_TERMINATED",
        "account_type": "ACCOUNT_TYPE_PRIVATE",
        "other_items": scene.ask("SELECT ref FROM cases_case WHERE state <> 'open' ORDER BY id"),
        "reach_reason": word("reachreason"),
    }
    done(reviewer.post(f"/desk/case/{case}/decide/", decision(2, **severe)), 302)
    ref = scene.ask("SELECT ref FROM cases_decision ORDER BY id DESC")
    no = {"act": "refuse", f"{ref}-reason": word("refusereason")}
    done(senior.post(f"/desk/decision/{ref}/confirm/", no), 302)
    version = scene.ask("SELECT version FROM cases_case WHERE ref = ?", case)
    done(senior.post(f"/desk/case/{case}/claim/", {"version": version}), 302)
    letter = decision(version + 1, reach_channel="letter", reach_reason=None, paraphrase=None)
    letter["paraphrase_withheld_reason"] = word("withheldreason")
    done(senior.post(f"/desk/case/{case}/decide/", letter), 302)
    ref = scene.ask("SELECT ref FROM cases_decision ORDER BY id DESC")
    told = scene.ask(
        "SELECT s.ref FROM cases_statement s JOIN cases_decision d ON d.id = s.decision_id"
        " WHERE s.audience = 'affected' AND d.ref = ?",
        ref,
    )
    scene.code_in(done(senior.post(f"/desk/statement/{told}/letter/")).text)
    done(senior.post(f"/desk/statement/{told}/inform/", {"act": "sent"}), 302)
    measure = scene.ask(
        "SELECT m.ref FROM cases_measure m JOIN cases_decision d ON d.id = m.decision_id WHERE d.ref = ?", ref
    )
    bad = {f"{measure}-effect": "failed", f"{measure}-note": f"{word('badnote')}@example.org"}
    done(senior.post(f"/desk/measure/{measure}/effect/", bad), 422)
    good = {f"{measure}-effect": "failed", f"{measure}-note": word("effectnote")}
    done(senior.post(f"/desk/measure/{measure}/effect/", good), 302)
    token = scene.folder.run("-m", "fairnotice", "token", "add", "service").stdout.split()[-1]
    scene.secrets.append(token)
    software = scene.visitor("software")
    path = f"/api/v1/measures/{measure}/effect"
    body = {"effect": "confirmed", "note": word("softwarenote")}
    done(software.post_json(path, body, Authorization=f"Bearer {token}"))
    done(software.post_json(path, body, Authorization=f"Bearer {word('wrongtoken')}"), 401)
    entry = scene.ask(
        "SELECT p.ref FROM cases_publication p JOIN cases_decision d ON d.id = p.decision_id"
        " WHERE p.state = 'drafted' ORDER BY p.id"
    )
    publisher = scene.staff("publisher-two", "publisher")
    withheld = {"reason": word("withholdreason")}
    done(publisher.post(f"/desk/publication/{entry}/withhold/", withheld), 302)


@contextmanager
def renamed(folder: Path, table: str) -> Iterator[None]:
    """Break the database for a while."""

    def rename(old: str, new: str) -> None:
        with closing(sqlite3.connect(folder / "db.sqlite3", timeout=20)) as database:
            database.execute(f"ALTER TABLE {old} RENAME TO {new}")

    rename(table, f"{table}_away")
    try:
        yield
    finally:
        rename(f"{table}_away", table)


def errors(scene: Scene) -> None:
    """Everything that goes wrong, with sentinels in it."""
    who = scene.visitor("errors")
    w = word("error")
    for path in (
        f"/{w}",
        f"/log/tile/{w}",
        f"/log/2026/tile/{w}",
        f"/register/{w}/",
        f"/desk/case/{w}/?{w}={w}",
        f"/static/{w}",
    ):
        done(who.get(path), 302, 404)
    done(who.send(w.upper(), "/"), 400, 405, 403)
    done(who.send("GET", "/", Host=f"{w}.example.org"), 400)
    done(who.post_json("/api/v1/notices", {"why": w}), 401)
    program = scene.program(who)
    done(program.post_json("/api/v1/notices", f'{{"why": "{w}'.encode()), 400)
    done(program.post_json("/api/v1/notices", {"why": w, "items": [{w: w}], w: w}), 422)
    done(program.post_json("/api/v1/notices", {"why": w}, Idempotency_Key=w + "ä"), 422)
    done(who.send("POST", "/report/send/", f"why={w}".encode(), Content_Type=f"text/{w}"), 422)
    (checkpoint,) = (scene.folder.path / "log").glob("2*/checkpoint")
    good = checkpoint.read_bytes()
    checkpoint.unlink()
    checkpoint.mkdir()
    done(who.get(f"/log/{checkpoint.parent.name}/checkpoint?{w}={w}"), 500)
    checkpoint.rmdir()
    checkpoint.write_bytes(good)
    with renamed(scene.folder.path, "cases_accesscode"):
        done(who.post("/status/", {"code": "B" * 26, "why": w}), 500, 503)
    with renamed(scene.folder.path, "cases_notice"):
        notice = {"items": [{"location": w}], "problem": "defamation", "why": w, "good_faith": True}
        done(program.post_json("/api/v1/notices", notice), 500, 503)
    with renamed(scene.folder.path, "django_session"):
        who.cookies["sessionid"] = w.lower().ljust(32, "a")
        done(who.get(f"/desk/?{w}={w}"), 500, 503)


def found_in(scene: Scene) -> list[str]:
    """Where raw bytes hold a sentinel, a secret that was shown once, or a visitor's address."""
    wanted = [STEM.encode(), STEM.lower().encode(), STEM.upper().encode(), ADDRESS.encode(), b"198.51.100.7"]
    wanted += [secret.encode() for secret in scene.secrets]
    wanted += [STEM.encode("utf-16-le"), STEM.encode().hex().encode()]
    # In base64 a text looks otherwise at each of three places.
    wanted += [base64.b64encode(b"\0" * at + STEM.encode())[2 + at : 6] for at in (1, 2)]
    wanted.append(base64.b64encode(STEM.encode())[:6])
    found = []
    for path in [*sorted(scene.folder.path.rglob("*")), scene.served.output]:
        if not path.is_file() or path.is_relative_to(scene.folder.path / "mail"):
            continue
        data = path.read_bytes()
        for each in wanted:
            if len(each) > 4 and (at := data.find(each)) >= 0:
                found.append(f"{path.name}: {data[max(at - 60, 0) : at + 60]!r}")
    return found


def open_to_others(folder: Path) -> list[str]:
    """Files that another user of the machine could read; the published tree is for everybody."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_relative_to(folder / "log")]
    return [f"{path.name} {path.stat().st_mode:o}" for path in paths if path.stat().st_mode & 0o077]


def test_nothing_that_people_typed_is_readable_in_the_folder(data_folder: DataFolder) -> None:
    for path in data_folder.path.iterdir():
        path.chmod(0o600)  # as `init` makes them; these are copies
    rules = data_folder.path.parent / "rules.txt"
    rules.write_text(RULES)
    assert data_folder.run("-m", "fairnotice", "rules", "publish", str(rules)).returncode == 0
    with serving(data_folder) as served:
        scene = Scene(data_folder, served)
        notifier = scene.visitor("notifier")
        receipt = report(notifier, "web")
        scene.code_in(receipt.text)
        notice = {
            "items": [{"location": f"https://{word('api')}.example.org/", "note": word("apinote")}],
            "problem": "defamation",
            "why": word("apiwhy"),
            "name": word("apiname"),
            "email": f"{word('api')}@example.org",
            "good_faith": True,
        }
        key = word("idempotencykey")
        program = scene.program(notifier)
        sent = done(program.post_json("/api/v1/notices", notice, Idempotency_Key=key), 201)
        assert done(program.post_json("/api/v1/notices", notice, Idempotency_Key=key)).text == sent.text
        code = scene.code_in(sent.text)
        done(notifier.post("/status/", {"code": code}), 303)
        done(notifier.get("/status/view/"))
        done(notifier.get("/status/receipt/"))
        author = f"{word('author')}@example.net"
        decided = case_way(scene, author)
        appeal_way(scene, decided, author)
        severe_way(scene)
        done(notifier.post("/status/withdraw/", {"what": "notice"}), 303)
        wait_for(lambda: scene.ask("SELECT count(*) FROM ledger_waiting") == 0)
        wait_for(lambda: scene.ask("SELECT count(*) FROM ledger_outboxrow WHERE done_at IS NULL") == 0)
        assert scene.ask("SELECT count(*) FROM ledger_outboxrow WHERE sealed IS NOT NULL") == 0
        errors(scene)
        # While it runs, so that the write-ahead logs are there too, and once more when all is folded in.
        assert (data_folder.path / "db.sqlite3-wal").stat().st_size
        assert found_in(scene) == []
        assert open_to_others(data_folder.path) == []
        assert served.stop() == 0
        assert found_in(scene) == []
        assert "Traceback" not in served.said()
