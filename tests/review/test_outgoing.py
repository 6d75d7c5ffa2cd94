"""The desk's list of what has not gone out: what, to which kind of reader, why; never to whom."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import claim, clock, forward_customer, inform, outgoing
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.models import CustomerLetter, MeasureStatus, Statement
from fairnotice.cases.permissions import Actor, Forbidden
from fairnotice.cases.queries import outgoing as queries
from fairnotice.delivery.runner import run_due
from fairnotice.ledger import outbox
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.review import words
from fairnotice.vault import keys
from tests.cases import making, network
from tests.fault.mailserver import post_office
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL, PLACE_SENTINEL, WHY_SENTINEL
from tests.site.catalogue import SOURCE, called, literal

PAGE = "/desk/outgoing/"
AUTHOR = "author.sentinel@example.net"
People = dict[str, Actor]
Browser = Callable[[str], Client]


def given_up(kind: str, code: str = "unreachable") -> OutboxRow:
    """The row of this kind, as twenty failures would leave it; delivery says so to whoever has to know."""
    from fairnotice.delivery.runner import _given_up

    row = OutboxRow.objects.get(kind=kind)
    OutboxRow.objects.filter(pk=row.pk).update(dead=True, attempts=20, error_code=code)
    row.refresh_from_db()
    _given_up(row)
    return row


def page(client: Client, **query: str) -> str:
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everything_has_gone_out(browser: Browser) -> None:
    assert "Everything has gone out" in page(browser("admin"))
    assert "Nothing is in this state" in page(browser("admin"), state="failed")


def test_each_state_is_said_in_words_and_nobody_is_named(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    making.decided(reported, people["holder"], reach=Reach("email", AUTHOR))
    first, second, third = OutboxRow.objects.order_by("id")
    now = timezone.now()
    OutboxRow.objects.filter(pk=first.pk).update(dead=True, attempts=20, error_code="unreachable")
    OutboxRow.objects.filter(pk=second.pk).update(leased_until=now + timedelta(minutes=1), attempts=1)
    OutboxRow.objects.filter(pk=third.pk).update(
        error_code="deferred", attempts=3, due_at=now + timedelta(hours=1)
    )
    making.notice("https://example.org/other", email="another@example.net")
    for who in ("admin", "senior"):
        shown = page(browser(who))
        for said in ("Failed", "On its way", "To be tried again", "Waiting to be sent"):
            assert said in shown
        for said in (
            *("Receipt for a notice", "the notifier, by e-mail"),
            *("Decision, or answer to an appeal", "the affected party, by e-mail"),
            *("their server cannot be reached", "put off by their server"),
        ):
            assert said in shown
        assert making.case_of(reported).ref in shown
        for hidden in (EMAIL_SENTINEL, NAME_SENTINEL, WHY_SENTINEL, PLACE_SENTINEL, AUTHOR, "another@"):
            assert hidden not in shown
        assert shown.count("Send again") == 1, "only where nothing happens by itself"
        assert 'href="/desk/outgoing/" aria-current="page">Outgoing&nbsp;<span class="small">(1' in shown
    for state, count in (("failed", 1), ("sending", 1), ("retrying", 1), ("queued", 1), ("", 4)):
        assert queries.rows(people["senior"], state=state).count() == count
        assert f"{count} piece" in page(browser("senior"), state=state)


def test_it_comes_in_pages(people: People, browser: Browser) -> None:
    for number in range(51):
        outbox.enqueue(kind="notice-received", ref=f"N{number}", payload={}, key_id=keys.new_key("subject"))
    assert page(browser("admin")).count("Receipt for a notice") == 50
    assert page(browser("admin"), page="2").count("Receipt for a notice") == 1


@pytest.mark.parametrize("who", ["holder", "appeals", "publisher", "auditor"])
def test_other_roles_have_no_part_in_it(people: People, browser: Browser, who: str) -> None:
    making.notice(email="me@example.org")
    row = given_up("notice-received")
    assert browser(who).get(PAGE).status_code == 403
    assert browser(who).post(f"{PAGE}{row.pk}/resend/").status_code == 403
    assert not queries.rows(people[who]).exists()
    with pytest.raises(Forbidden):
        outgoing.resend(actor=people[who], number=row.pk)


def test_whoever_may_not_see_a_case_does_not_see_its_letters(people: People, browser: Browser) -> None:
    sent = making.notice("https://example.org/staff", email="me@example.org", staff_involved=True)
    row = given_up("notice-received")
    assert "Everything has gone out" in page(browser("admin"))
    assert browser("admin").post(f"{PAGE}{row.pk}/resend/").status_code == 404
    assert "Receipt for a notice" in page(browser("senior"))
    claim.mark_involved(
        actor=people["appeals"], case_ref=making.case_of(sent).ref, user_id=people["senior"].user_id
    )
    assert "Everything has gone out" in page(browser("senior"))
    with pytest.raises(NotFound):
        outgoing.put_away(actor=people["senior"], number=row.pk)


def test_a_statement_that_is_sent_again_puts_its_measure_in_force(people: People, browser: Browser) -> None:
    decision = making.decided(making.notice(), people["holder"], reach=Reach("email", AUTHOR))
    row = given_up("statement", "misconfigured")
    assert Statement.objects.get(audience="affected").status.state == "failed"
    assert "our settings need mending" in page(browser("admin"))
    assert browser("admin").post(f"{PAGE}{row.pk}/away/", follow=True).status_code == 200
    assert OutboxRow.objects.get(pk=row.pk).dead, "they have to be told"
    answer = browser("admin").post(f"{PAGE}{row.pk}/resend/", follow=True)
    assert "It is on its way again" in answer.content.decode()
    assert Statement.objects.get(audience="affected").status.state == "queued"
    with post_office() as (port, post):
        assert run_due(port=network.smtp(port)) == 1
        [(to, letter)] = post.taken()
    assert to == [AUTHOR] and letter["Message-ID"] == f"<{row.message_id}>"
    assert decision.measures.get().status.state == "in_force"
    event = Event.objects.get(kind="outgoing.resent")
    assert (event.open, event.actor_id, event.case_ref) == (
        {"what": "statement"},
        people["admin"].user_id,
        decision.case.ref,
    )


def test_one_that_fails_again_is_failed_again(people: People) -> None:
    making.decided(making.notice(), people["holder"], reach=Reach("email", AUTHOR))
    row = given_up("statement")
    outgoing.resend(actor=people["senior"], number=row.pk)
    with post_office() as (port, post):
        post.refusals.append("550 no")
        run_due(port=network.smtp(port))
    assert Statement.objects.get(audience="affected").status.state == "failed"
    assert clock.fail_undelivered() == 0
    assert queries.failed(people["senior"]) == 1


def test_once_another_way_was_chosen_there_is_nothing_to_send_again(people: People, browser: Browser) -> None:
    making.decided(making.notice(), people["holder"], reach=Reach("email", AUTHOR))
    row = given_up("statement")
    inform.choose_channel(
        actor=people["holder"],
        statement_ref=Statement.objects.get(audience="affected").ref,
        reach=Reach("letter"),
    )
    assert "Everything has gone out" in page(browser("senior"))
    assert browser("senior").post(f"{PAGE}{row.pk}/resend/").status_code == 404


def test_two_people_at_once(people: People) -> None:
    making.notice(email="me@example.org")
    row = given_up("notice-received")
    outgoing.resend(actor=people["senior"], number=row.pk)
    for act in (outgoing.resend, outgoing.put_away):
        with pytest.raises(Conflict):
            act(actor=people["admin"], number=row.pk)


def test_what_was_put_away_is_gone(people: People, browser: Browser) -> None:
    making.notice(email="me@example.org")
    row = given_up("notice-received")
    answer = browser("senior").post(f"{PAGE}{row.pk}/away/", follow=True).content.decode()
    assert "It is sent to nobody." in answer and "Everything has gone out" in answer
    row.refresh_from_db()
    assert (row.sealed, row.error_code, row.dead) == (None, "cancelled", False)
    assert run_due() == 0
    assert Event.objects.get(kind="outgoing.put-away").open == {"what": "notice-received"}


def test_what_was_erased_is_not_sent(people: People) -> None:
    sent = making.notice(email="me@example.org")
    row = given_up("notice-received")
    keys.destroy(sent.notice.notifier_key)
    with pytest.raises(Refused, match="erased"):
        outgoing.resend(actor=people["senior"], number=row.pk)
    outgoing.put_away(actor=people["senior"], number=row.pk)


def test_a_forwarded_notice_goes_again_where_nobody_else_was_asked(people: People) -> None:
    network.network()
    sent = network.notice(email="")
    network.confirmed(sent, "FORUM-1")
    row = given_up("forward-mail")
    assert network.states()["FORUM-1"] == "undeliverable"
    outgoing.resend(actor=people["senior"], number=row.pk)
    assert network.states()["FORUM-1"] == "sending"
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        assert len(post.taken()) == 1
    assert network.states()["FORUM-1"] == "dispatched"


def test_a_forwarded_notice_does_not_go_again_where_the_next_was_asked(people: People) -> None:
    network.network()
    network.confirmed(network.notice(email=""), "FORUM-1", "HOST-1")
    row = given_up("forward-mail")
    assert network.states()["HOST-1"] == "sending"
    with pytest.raises(Refused, match="Somebody else"):
        outgoing.resend(actor=people["senior"], number=row.pk)


def test_a_letter_to_a_customer_goes_again(people: People, settings) -> None:
    settings.FN_CUSTOMER_HOOK = "true"
    item = making.notice().notice.items.get()
    forward_customer.pass_to_customer(actor=people["holder"], item_ref=item.ref)
    row = given_up("customer-letter")
    assert CustomerLetter.objects.get().state == "failed"
    outgoing.resend(actor=people["senior"], number=row.pk)
    assert run_due() == 1 and CustomerLetter.objects.get().state == "delivered"


def test_a_message_to_our_software_is_shown_and_waits_at_the_measures_too(
    people: People, browser: Browser, settings
) -> None:
    settings.FN_WEBHOOKS = [{"url": "https://app.example/hook", "secret_file": "/none"}]
    making.decided(making.notice(PLACE_SENTINEL), people["holder"])
    row = given_up("webhook", "gone")
    shown = page(browser("admin"))
    assert "What to carry out, or to undo" in shown and "their address takes nothing any more" in shown
    assert "app.example" not in shown and PLACE_SENTINEL not in shown
    outgoing.put_away(actor=people["admin"], number=row.pk)
    assert MeasureStatus.objects.get().effect == "pending"


def test_a_number_that_no_row_has(browser: Browser) -> None:
    for number in ("0", "7", "9" * 30):
        assert browser("admin").post(f"{PAGE}{number}/resend/").status_code == 404


def _names(tree: ast.Module) -> dict[str, str]:
    """The texts that a module gives names to, also two at once."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            [target] = node.targets
            pairs: list[tuple[ast.expr, ast.expr]] = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for name, value in pairs:
                if (text := literal(value)) is not None:
                    found[ast.unparse(name)] = text
    return found


def test_every_kind_that_is_put_in_has_its_words_and_its_way_to_the_case() -> None:
    """A new kind that is forgotten here would be shown to people who may not see its case."""
    kinds: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        if "outbox.enqueue(" in text:
            tree = ast.parse(text)
            names = _names(tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and called(node) == "enqueue":
                    [kind] = [word.value for word in node.keywords if word.arg == "kind"]
                    ends = [kind.body, kind.orelse] if isinstance(kind, ast.IfExp) else [kind]
                    kinds |= {literal(end) or names[ast.unparse(end)] for end in ends}
    assert len(kinds) > 8
    assert kinds == set(queries.ABOUT) == set(words.OUTGOING)
    sides = {"statement-affected", "statement-notifier"}
    assert kinds - {"statement"} | sides == set(words.READERS)
