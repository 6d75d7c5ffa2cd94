"""One letter that cannot be made does not stop the others, and no log says to whom it was."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from fairnotice.delivery import letters
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.runner import run_due
from fairnotice.ledger.models import OutboxRow
from tests.cases import making
from tests.site.served import hearing

pytestmark = pytest.mark.usefixtures("fn_db")


class Odd:
    """A way out that breaks on the first letter, and repeats the address while it does."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, letter: EmailMessage) -> None:
        if not self.taken:
            self.taken.append("broken")
            raise RuntimeError(f"no way to {letter['To']}")
        self.taken.append(str(letter["To"]))


def test_a_letter_that_breaks_waits_and_the_next_goes_out() -> None:
    making.notice("https://example.org/1", email="first@example.org")
    making.notice("https://example.org/2", email="second@example.org")
    port = Odd()
    with hearing("fairnotice.delivery") as lines:
        assert run_due(port=port) == 1
    assert port.taken == ["broken", "second@example.org"]
    waiting = OutboxRow.objects.get(done_at=None)
    assert (waiting.error_code, waiting.dead) == ("internal", False)
    assert lines and not any("example" in line for line in lines)


@pytest.mark.parametrize(
    "address", ["a@b.", "..@example.org", "a..b@example.org", ".@.", "a@-", "ä@exämple.org"]
)
def test_an_odd_address_is_refused_for_good_or_written_to(address: str) -> None:
    making.notice(email=address)
    row = OutboxRow.objects.get()
    refused = None
    try:
        letter = letters.compose(row, {"notice": row.ref})
    except SendFailed as failure:
        refused = (failure.code, failure.final)
    if refused is None:
        assert str(letter["To"]) and "\n" not in str(letter["To"])
    else:
        assert refused == ("refused", True)
