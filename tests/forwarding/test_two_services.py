"""Two services on this machine talk to each other: what somebody reports at one and the other answers for goes
there over REST, a person answers, and whoever reported it reads the answer where they reported it."""

from __future__ import annotations

import contextlib
import html
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import DataFolder, folder_at
from tests.site.served import free_port, serving, wait_for
from tests.site.visitor import Visitor

PLACE = "https://shop.example.net/login"
_START = "import sys; from fairnotice.site import setup; setup.prepare()\n"
# Run in the data folder of the service that forwards: who answers for the place, and how it is reached.
_REGISTER = f"""{_START}
from fairnotice.answerable.actions.contacts import add_contact
from tests.answerable import register
from tests.cases import making
register.plant("example.net", "HOST-1", kind="hosting")
add_contact(actor_id=None, handle="HOST-1", channel="rest", address=sys.argv[1], source="test")
print(making.token("forwards", label="the host"))
"""
_ACCOUNT = f"""{_START}
from fairnotice.accounts.actions import add_user
from tests.cases import making
print(add_user(username="reviewer", roles=["reviewer"])[1])
print(making.token("forwards", label="the forum"))
"""


class Service:
    """One of the two, before it is served."""

    def __init__(self, folder: DataFolder, name: str) -> None:
        self.folder, self.name, self.port = folder, name, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api = f"{self.url}/api/v1"

    def says(self, code: str, *arguments: str) -> list[str]:
        """What a piece of the program prints in this data folder."""
        done = self.folder.run("-c", code, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def knows(self, peer: Service, token: str) -> None:
        """Write the settings: this service may talk to the other, with the token that the other made."""
        file = self.folder.path / "peer.token"
        file.write_text(token, "utf-8")
        self.folder.configure(base_url=self.url, operator_name=self.name, mail_from="notices@localhost")
        settings = self.folder.path / "fairnotice.toml"
        with settings.open("a", encoding="utf-8") as text:
            text.write(f'[[peers]]\nurl = "{peer.api}"\ntoken_file = "peer.token"\n')


@pytest.fixture
def pair(migrated_databases: dict[str, Path], tmp_path: Path) -> tuple[Service, Service]:
    """A forum and the host of a shop, each a peer of the other."""
    forum = Service(folder_at(tmp_path / "forum", migrated_databases), "A forum")
    host = Service(folder_at(tmp_path / "host", migrated_databases), "A host")
    return forum, host


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return html.unescape(match[1])


def test_a_notice_goes_to_the_other_service_and_its_answer_comes_back(pair: tuple[Service, Service]) -> None:
    forum, host = pair
    with ThreadPoolExecutor() as both:
        at_forum = both.submit(forum.says, _REGISTER, host.api)
        at_host = both.submit(host.says, _ACCOUNT)
        (for_host,), (password, for_forum) = at_forum.result(), at_host.result()
    forum.knows(host, for_forum)
    host.knows(forum, for_host)
    with contextlib.ExitStack() as stack, ThreadPoolExecutor() as both:
        list(both.map(lambda one: stack.enter_context(serving(one.folder, port=one.port)), pair))
        notifier, reviewer = Visitor(forum.port), Visitor(host.port)
        reported = notifier.post_json(
            "/api/v1/notices",
            {
                "items": [{"location": PLACE}],
                "problem": "phishing",
                "why": "It asks for my card.",
                "good_faith": True,
            },
        )
        assert reported.status == 201, reported.text
        code = found(r'"code": "([A-Z0-9-]+)"', reported.text)

        # Nothing leaves without their yes; their words go along, and who they are is not known.
        assert notifier.post("/status/", {"code": code}).status in (302, 303)
        page = notifier.get("/status/forward/").text
        box, ref = found(r'name="(to_\w+)"', page), found(r'name="to_\w+" value="(\w+)"', page)
        yes = notifier.post("/status/forward/", {box: ref, "act": "some", "with_words": "on"})
        assert yes.status == 303, yes.text
        wait_for_word(notifier, "It was forwarded to HOST-1")

        assert reviewer.post("/accounts/login/", {"login": "reviewer", "password": password}).status == 302
        case = wait_for(lambda: re.search(r'href="(/desk/case/\w+/)"', reviewer.get("/desk/").text))[1]
        shown = reviewer.get(case).text
        assert "A forum" in shown and "It asks for my card." in html.unescape(shown)
        answer = found(r'action="(/desk/forwarded/\w+/answer/)"', shown)
        inbound = answer.split("/")[3]
        for status, words in (("taken", ""), ("answered", "The page is gone.")):
            told = {f"{inbound}-answer": status, f"{inbound}-text": words}
            assert reviewer.post(answer, told).location == case
            sentence = "has taken it on" if status == "taken" else "has answered"
            wait_for_word(notifier, sentence)
        assert "The page is gone." in standing(notifier)

        # Only who forwarded it can ask, and sees the same.
        state = reviewer.send("GET", f"/api/v1/forwards/{inbound}", Authorization=f"Bearer {for_forum}")
        assert '"status": "answered"' in state.text and "The page is gone." in state.text
        foreign = reviewer.send("GET", f"/api/v1/forwards/{inbound}", Authorization=f"Bearer {for_host}")
        assert foreign.status == 401


def standing(notifier: Visitor) -> str:
    """What the notifier reads about the organisations that were told."""
    return html.unescape(notifier.get("/status/view/").text)


def wait_for_word(notifier: Visitor, sentence: str) -> None:
    wait_for(lambda: sentence in standing(notifier))
