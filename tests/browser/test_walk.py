"""Notifier, reviewer, second person, affected party, appeals reviewer, publisher and public walk through the real
pages of a running program: once with scripts, wide and light; once without, on a phone and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from tests.browser.walker import Walker
from tests.conftest import DataFolder
from tests.site.served import Served, serving, wait_for

pytestmark = pytest.mark.browser
PEOPLE = {
    "first": ["reviewer"],
    "second": ["senior_reviewer"],
    "third": ["appeals_reviewer"],
    "fourth": ["publisher"],
}
WHERE = "https://forum.example.org/user/somebody/post/99"
SUMMARY = "A service was suspended for repeated fraud against other members."


@pytest.fixture
def site(data_folder: DataFolder) -> Iterator[tuple[Served, dict[str, str]]]:
    """A running program with rules and people; the passwords by name."""
    data_folder.configure(
        log_interval=1,
        promise_delay=60,
        register_interval=1,
        operator_name="Example Forum",
        mail_adapter="console",
    )
    rules = data_folder.path.parent / "rules.md"
    rules.write_text("## 1 Be fair\nNo insults.\n\n## 3.1 No deception\nNo fraud against others.\n")
    done = data_folder.run("-m", "fairnotice", "rules", "publish", str(rules))
    assert done.returncode == 0, done.stderr
    passwords = {}
    for name, roles in PEOPLE.items():
        words = [word for role in roles for word in ("--role", role)]
        done = data_folder.run("-m", "fairnotice", "user", "add", name, *words)
        assert done.returncode == 0, done.stderr
        [passwords[name]] = re.findall(r"[0-9a-z]{4,}(?:-[0-9a-z]{4,})+", done.stdout)
    with serving(data_folder) as served:
        yield served, passwords


@pytest.mark.parametrize(("scripts", "width", "dark"), [(True, 1280, False), (False, 360, True)])
def test_the_whole_way(
    chromium: Browser,
    site: tuple[Served, dict[str, str]],
    data_folder: DataFolder,
    tmp_path: Path,
    scripts: bool,
    width: int,
    dark: bool,
) -> None:
    served, passwords = site
    base = f"http://127.0.0.1:{served.port}"
    seen: set[str] = set()

    def person(name: str) -> Walker:
        walker = Walker(chromium, base, name=name, scripts=scripts, width=width, dark=dark, looked_at=seen)
        if name in passwords:
            walker.sign_in(name, passwords[name])
        return walker

    code = notify(person("notifier"), tmp_path)
    [receipt] = tmp_path.glob("fair-notice-receipt-*.json")
    case = decide(person("first"))
    confirm(person("second"), case)
    letter = print_letter(person("first"), case)
    appeal(person("affected"), letter)
    answer(person("third"))
    read_answer(person("affected"), letter, "partly reversed")
    read_answer(person("notifier"), code, "partly reversed")
    publish(person("fourth"))
    entry = wait_for(lambda: re.search(r"/register/([0-9A-Z]{12})/", served.get("/register/")[1]))
    assert isinstance(entry, re.Match)
    proof = look_up(person("public"), entry[1], tmp_path)
    wait_for(lambda: data_folder.run("-m", "fairnotice", "verify", str(proof)).returncode == 0)
    check_in_browser(person("public"), [proof, receipt])


def notify(notifier: Walker, folder: Path) -> str:
    """Report something; an incomplete form keeps what was typed. Returns the code."""
    notifier.go("/")
    notifier.press("Report something")
    notifier.fill(Address_or_exact_place=WHERE)
    notifier.press("Look at it once more")
    notifier.see("Choose what kind of problem this is")
    assert notifier.field("Address or exact place").input_value() == WHERE
    notifier.choose("Scam or fraud", "A rule of this service", "I believe in good faith")
    notifier.fill(Why_is_it="They take money for tickets that do not exist.", Your_e="notifier@example.net")
    notifier.field("Which rule").select_option(label="3.1 No deception")
    notifier.press("Look at it once more")
    notifier.see("hxxps", "3.1 No deception")
    notifier.press("Send")
    notifier.see("Write it down now")
    code = notifier.code()
    receipt = notifier.download("Download the receipt file", folder)
    assert code.replace(" ", "").replace("-", "") not in receipt.read_text()
    notifier.press("See your report")
    notifier.see("tickets that do not exist")
    return code


def decide(reviewer: Walker) -> str:
    """Take the case on and propose a severe measure. Returns the case's reference."""
    reviewer.go("/desk/")
    case = reviewer.page.locator("table a[href*='/desk/case/']").first.inner_text().strip()
    reviewer.press(case)
    reviewer.see_not("notifier@example.net")
    reviewer.press("Take it on")
    reviewer.press("Decide this case")
    reviewer.press("Look once more")
    reviewer.see("Please say what you found")
    today = timezone.localdate()
    reviewer.choose("Something is done about the item")
    reviewer.field("Measure").select_option("DECISION_PROVISION_TOTAL_SUSPENSION")
    reviewer.fill(Looked_at_again_on=today.replace(year=today.year + 1, day=1).isoformat())
    reviewer.fill(How_it_is_undone="The service is switched on again.")
    reviewer.choose("A clause of our published rules")
    reviewer.field("The clause").select_option("1/3.1")
    reviewer.fill(
        The_facts="Three offers for the same ticket were paid and none was sent.",
        Why_do_these_facts="Taking money without delivering deceives others.",
        Why_is_the_measure_necessary="New offers appear every day.",
        Which_milder_measure="Removing single offers did not stop it.",
        What_was_alleged="Tickets are sold that do not exist.",
        Summary_for_the_public_register=SUMMARY,
    )
    reviewer.choose("Text", "By a printed letter")
    reviewer.fill(On_which_day=today.isoformat())
    reviewer.press("Look once more")
    reviewer.see("Three offers for the same ticket")
    reviewer.press("Propose this decision")
    reviewer.go("/desk/second/")
    reviewer.see(case)
    return case


def confirm(senior: Walker, case: str) -> None:
    """The second person agrees."""
    senior.go("/desk/second/")
    senior.see(case, "Three offers for the same ticket")
    senior.press("I agree: confirm")
    senior.see_not("notifier@example.net")


def print_letter(reviewer: Walker, case: str) -> str:
    """Print the letter with its code and say that it has been posted; then the service reports the effect."""
    reviewer.go("/desk/statements/")
    reviewer.press("Show the letter to print")
    code = reviewer.code()
    reviewer.press("The letter has been posted")
    reviewer.go("/desk/measures/")
    reviewer.see(case)
    reviewer.choose("It is done")
    reviewer.press("Record this")
    reviewer.go(f"/desk/case/{case}/")
    reviewer.see("in force")
    return code


def enter(person: Walker, code: str) -> None:
    """Type the code."""
    person.go("/status/")
    person.field("Your code").fill(code)
    person.press("Open")


def appeal(affected: Walker, code: str) -> None:
    """The affected party reads the statement of reasons and appeals; an empty appeal is not sent."""
    enter(affected, code)
    affected.press("Statement of reasons")
    affected.see("Three offers for the same ticket", "What you can do", "Tickets are sold that do not exist")
    affected.see_not("notifier@example.net")
    affected.press("Appeal against this decision")
    affected.press("Send the appeal")
    affected.see("Say why you think")
    affected.field("Why is the decision wrong?").fill("Two of the three were sent.")
    affected.press("Send the appeal")
    affected.see("We have it")


def answer(appeals: Walker) -> None:
    """Somebody else answers: the suspension ends earlier."""
    appeals.go("/desk/appeals/")
    appeals.page.locator("table a[href*='/desk/appeal/']").first.click()
    appeals.check()
    appeals.see("Two of the three were sent")
    appeals.press("Take it on")
    appeals.press("Answer this appeal")
    appeals.press("Send this answer")
    today = timezone.localdate()
    appeals.choose("It is partly reversed", "ends earlier")
    appeals.fill(New_last_day=today.replace(year=today.year + 1, month=1, day=1).isoformat())
    appeals.fill(The_reasons_of_your_answer="A shorter time is enough, since two were sent.")
    appeals.press("Send this answer")


def read_answer(person: Walker, code: str, outcome: str) -> None:
    """The reasoned answer reaches both sides."""
    enter(person, code)
    person.press("Answer to the appeal")
    person.see(outcome, "A shorter time is enough")


def publish(publisher: Walker) -> None:
    """The second look."""
    publisher.go("/desk/publications/")
    publisher.page.locator("main a[href*='/desk/publication/']").first.click()
    publisher.check()
    publisher.see(SUMMARY)
    publisher.see_not("Three offers for the same ticket")
    publisher.press("Approve for publication")


def look_up(public: Walker, ref: str, folder: Path) -> Path:
    """Anybody finds the entry, reads it and takes its proof along."""
    public.go("/register/")
    public.page.locator("main form[role=search] input").first.fill("fraud")
    public.press("Search")
    public.go(f"/register/{ref}/")
    public.see(SUMMARY, "partly reversed")
    public.see_not("forum.example.org", "notifier@example.net")
    for path in ("/rules/", "/log/", "/about/", "/api/"):
        public.go(path)
    public.go(f"/register/{ref}/")
    wait_for(lambda: "Download the proof" in (public.page.reload(), public.page.content())[1])
    return public.download("Download the proof", folder)


def check_in_browser(public: Walker, files: list[Path]) -> None:
    """The page checks what was downloaded; without scripts it says what to do instead."""
    public.go("/log/")
    public.press("Check this proof")
    if not public.scripts:
        public.see("Without scripts, use the command", "fairnotice verify FILE")
        return
    for file in files:
        public.page.set_input_files("#check-file", str(file))
        public.page.locator("#check-verdict").wait_for()
        # The receipt may have been fetched before its entry was in the log: then it says that the promise was kept.
        assert public.page.locator("#check-verdict").inner_text().startswith("Verified")
        public.check()
        public.press("Check another file")
