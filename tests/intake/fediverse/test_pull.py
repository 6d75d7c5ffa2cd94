"""Open reports, asked for at a real server on loopback."""

from __future__ import annotations

import pytest

from fairnotice.cases.models import Received, ServiceAsked
from fairnotice.cases.services import service_named
from fairnotice.intake.fediverse.pull import pull, pulled
from fairnotice.site.runner import reports
from tests.intake.fediverse.test_hooks import mastodon

pytestmark = pytest.mark.usefixtures("fn_db")


def social_service():
    found = service_named("social")
    assert found is not None
    return found


def test_open_reports_come_in_page_by_page_and_each_once(social) -> None:
    social.page = 2
    for number in ("11", "12", "13", "14", "15"):
        social.add_report(number, ("7" + number,))
    social.report("13")["action_taken"] = True
    assert pull(social_service()) == 4
    assert ServiceAsked.objects.get().last_report == "15"
    social.asked.clear()
    social.add_report("16", ("716",))
    assert pull(social_service()) == 1
    assert pull(social_service()) == 0
    assert Received.objects.filter(door="mastodon", state="new").count() == 5


def test_a_report_that_the_webhook_brought_is_the_same(social, client) -> None:
    sent = social.add_report("21", ("721",))
    assert mastodon(client, {"event": "report.created", "object": sent}).status_code == 202
    assert pull(social_service()) == 0
    assert Received.objects.count() == 1


@pytest.mark.parametrize(
    ("broken", "code"), [(500, "deferred"), (403, "misconfigured"), (302, "misconfigured")]
)
def test_a_server_that_fails_is_asked_again_from_where_we_were(social, broken, code) -> None:
    social.page = 1
    social.add_report("31", ("731",))
    social.add_report("32", ("732",))
    social.broken = [None, broken]
    assert pull(social_service()) == 1
    asked = ServiceAsked.objects.get()
    assert (asked.last_report, asked.error_code) == ("31", code)
    assert pull(social_service()) == 1
    assert ServiceAsked.objects.get().error_code == ""


def test_an_answer_that_is_none_loses_nothing(social, monkeypatch) -> None:
    social.reports.append({"id": "41", "action_taken": False})
    social.add_report("42", ("742",), action_taken=None)
    social.reports.append({"id": "43", "action_taken": False, "target_account": 7, "statuses": "?"})
    assert pull(social_service()) == 3
    assert ServiceAsked.objects.get().last_report == "43"


def test_only_servers_with_a_token_are_asked(settings, social) -> None:
    assert [service.name for service in pulled()] == ["social"]
    row = settings.FN_SERVICES[0]
    settings.FN_SERVICES = [{**row, "pull": False}, {**row, "name": "hook-only", "token_file": ""}]
    assert pulled() == []


def test_the_runner_asks(social) -> None:
    import threading

    social.add_report("51", ("751",))
    (task,) = reports(threading.Event())
    task.run_if_due()
    assert Received.objects.count() == 1
