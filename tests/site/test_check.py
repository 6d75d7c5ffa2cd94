"""`fairnotice check` finds what is wrong and says how to mend it."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from fairnotice.accounts.actions import add_user
from fairnotice.accounts.models import User
from fairnotice.cases.permissions import ADMIN, APPEALS, AUDITOR, PUBLISHER, REVIEWER, ROLES, SENIOR
from fairnotice.ledger import sequencer
from fairnotice.ledger.publishing import log_dir
from fairnotice.site import check, check_out, check_people
from fairnotice.vault.models import Secret
from tests.cases import making


@pytest.fixture
def look(fn_db, settings):
    """The findings of one look as (level, text and mend), after changing settings."""

    def run(which, **changed):
        for name, value in changed.items():
            setattr(settings, name, value)
        return [(finding.level, f"{finding.text} {finding.mend}") for finding in which()]

    return run


def mail(**changed):
    return {**django_settings.FN_MAIL, "adapter": "smtp", "from": "notices@example.org", **changed}


def staff(*roles):
    user = User.objects.create_user(f"user-{User.objects.count()}")
    for role in roles:
        user.grants.create(role=role)
    return user


def test_the_console_adapter_is_a_warning_as_no_letter_leaves(look):
    ((level, text),) = look(check._mail, FN_MAIL=mail(adapter="console"))
    assert level == "warning"
    assert "No letter leaves" in text
    assert "mail_adapter" in text


def test_a_trusted_flagger_is_looked_up_again_on_the_day_that_was_set(look, monkeypatch):
    assert look(check._trusted) == []
    making.trusted_flagger(making.account("admin", "administrator"), label="A centre")
    assert look(check._trusted) == []
    day = timezone.localdate() + timedelta(days=365)
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    ((level, text),) = look(check._trusted)
    assert level == "warning" and "'A centre'" in text


def test_a_mail_server_on_this_machine_needs_nothing_more(look):
    assert look(check._mail, FN_MAIL=mail()) == []


@pytest.mark.parametrize(
    ("changed", "level", "setting"),
    [
        ({"user": "u"}, "error", "smtp_password_file"),
        ({"password_file": "/nonexistent/password"}, "error", "smtp_password_file"),
        ({"host": "mail.example.org"}, "warning", "smtp_starttls"),
        ({"host": "mail.example.org", "user": "u", "password_file": __file__}, "error", "smtp_starttls"),
        ({"from": "notices@localhost"}, "error", "mail_from"),
    ],
)
def test_mail_settings_that_cannot_work(look, changed, level, setting):
    found = look(check._mail, FN_MAIL=mail(**changed))
    assert any(each == level and setting in text for each, text in found)


def test_a_password_that_others_can_read(look, tmp_path):
    secret = tmp_path / "password"
    secret.write_text("x")
    secret.chmod(0o644)
    found = look(check._mail, FN_MAIL=mail(user="u", password_file=str(secret)))
    assert [level for level, text in found if f"chmod 0400 {secret}" in text] == ["error"]
    secret.chmod(0o400)
    assert look(check._mail) == []


def test_roles_that_nobody_has_are_named_with_the_command(look):
    text = " ".join(text for _, text in look(check._people))
    for role in set(ROLES) - {AUDITOR}:
        assert f"--role {role}" in text
    assert AUDITOR not in text


def test_a_full_team_needs_nothing(look):
    for roles in ([REVIEWER], [SENIOR], [APPEALS], [PUBLISHER], [ADMIN]):
        staff(*roles)
    assert look(check._people) == []
    ((level, text),) = look(check._people, FN_SMALL_TEAM=True)
    assert level == "warning"
    assert "small_team" in text


def test_somebody_alone_is_told_about_small_teams_and_appeals(look):
    staff(REVIEWER, SENIOR, APPEALS, PUBLISHER, ADMIN)
    text = " ".join(text for _, text in look(check._people))
    assert "small_team" in text
    assert "may not review their own" in text


def test_a_closed_account_fills_no_role(look):
    user = staff(*ROLES)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert len(look(check._people)) == 5


def test_the_log_must_be_found_under_its_name(look):
    assert look(check._addresses, FN_BASE_URL="https://example.org", FN_ORIGIN="example.org/log") == []
    ((level, text),) = look(check._addresses, FN_ORIGIN="example.net/log")
    assert level == "warning"
    assert "example.org/log" in text
    assert "log_origin" in text


def test_receipt_codes_do_not_travel_in_the_open(look):
    found = look(check._addresses, FN_BASE_URL="http://example.org", FN_ORIGIN="example.org/log")
    assert [("base_url" in text, level) for level, text in found] == [(True, "warning")]


def test_an_operator_without_name_and_contact(look):
    text = " ".join(text for _, text in look(check._operator))
    assert "operator_name" in text
    assert "operator_contact" in text


def test_a_form_without_help_for_people_in_distress(look):
    found = look(check._distress, FN_HELPLINES=[], FN_QUICK_EXIT_URL="")
    assert [(level, "'helplines'" in text, "'quick_exit_url'" in text) for level, text in found] == [
        ("warning", True, False),
        ("warning", False, True),
    ]
    line = {"name": "Somebody", "contact": "116 123"}
    assert look(check._distress, FN_HELPLINES=[line], FN_QUICK_EXIT_URL="https://example.org/") == []


def test_missing_rules(look):
    ((_, text),) = look(check._rules)
    assert "fairnotice rules publish" in text


def test_a_folder_that_others_can_read_is_an_error(data_folder):
    data_folder.path.chmod(0o755)
    result = data_folder.run("-m", "fairnotice", "check")
    assert result.returncode == 1
    assert f"chmod 0700 {data_folder.path}" in result.stdout
    data_folder.path.chmod(0o700)
    assert data_folder.run("-m", "fairnotice", "check").returncode == 0


def test_a_misspelt_setting_is_an_error_that_names_it(data_folder):
    data_folder.configure(opertor_name="Example")
    result = data_folder.run("-m", "fairnotice", "check")
    assert result.returncode == 1
    assert "opertor_name" in result.stdout


def test_a_rolled_back_database_is_found(data_folder):
    copy = (data_folder.path / "db.sqlite3").read_bytes()
    code = "from fairnotice.site.setup import prepare; prepare(); from fairnotice.ledger import sequencer; "
    add = ("-m", "fairnotice", "user", "add", "a-reviewer")
    assert data_folder.run(*add).returncode == 0
    done = data_folder.run("-c", f"{code}print(sequencer.run_once())")
    assert done.stdout.strip() == "1", done.stderr
    data_folder.path.chmod(0o700)
    assert data_folder.run("-m", "fairnotice", "check").returncode == 0
    for leftover in data_folder.path.glob("db.sqlite3-*"):
        leftover.unlink()
    (data_folder.path / "db.sqlite3").write_bytes(copy)
    result = data_folder.run("-m", "fairnotice", "check")
    assert result.returncode == 1
    assert "rolled back" in result.stdout


@pytest.fixture
def published(look):
    """The folder of a published log with a few entries."""
    for number in range(3):
        add_user(username=f"user-{number}", roles=[REVIEWER])
    sequencer.run_once()
    assert look(check._logs) == []
    return log_dir()


def test_a_changed_file_of_the_published_log_is_named_with_the_mend(look, published):
    (bundle,) = (path for path in (published / "tile" / "entries").rglob("*") if path.is_file())
    good = bundle.read_bytes()
    bundle.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    ((level, text),) = look(check._logs)
    assert level == "error"
    assert "tile/" in text
    assert "delete the file" in text
    bundle.unlink()
    ((level, text),) = look(check._logs)
    assert (level, "is missing" in text) == ("error", True)
    # What it says mends it.
    sequencer.publish()
    assert look(check._logs) == []
    assert bundle.read_bytes() == good


def test_a_checkpoint_that_is_not_ours_is_an_error(look, published):
    note = (published / "checkpoint").read_text()
    (published / "checkpoint").write_text(note.replace("\n3\n", "\n4\n"))
    ((level, text),) = look(check._logs)
    assert level == "error"
    assert "not signed by this log's key" in text


def test_a_database_older_than_what_was_published_is_an_error(look, published):
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER ledger_checkpointrow_no_{verb}")
        cursor.execute("DELETE FROM ledger_checkpointrow WHERE size = 3")
    ((level, text),) = look(check._logs)
    assert level == "error"
    assert "rolled back" in text


def test_a_promise_that_was_not_kept_is_an_error(look, settings, monkeypatch):
    add_user(username="somebody", roles=[REVIEWER])
    assert look(check._logs) == []
    late = timezone.now() + timedelta(seconds=settings.FN_PROMISE_DELAY + 1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    ((level, text),) = look(check._logs)
    assert level == "error"
    assert "1 entries are not in the log although the time promised for them is over" in text
    assert "fairnotice serve" in text


def test_a_key_of_the_log_that_is_gone_is_an_error(look, published):
    Secret.objects.filter(name__startswith="log-signing-key").delete()
    ((level, text),) = look(check._logs)
    assert level == "error"
    assert "cannot be signed" in text
    assert "Keys of the log" in text


def test_a_key_that_was_not_taken_from_its_new_place_is_said(look, published, tmp_path):
    ((level, text),) = look(check._logs, FN_LOG_KEY=f"file:{tmp_path / 'log.key'}")
    assert level == "warning"
    assert "rotate-key" in text


def test_a_clock_that_jumped_over_a_year_is_an_error(look, published, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now.replace(year=now.year + 2, day=1))
    found = [text for level, text in look(check._logs) if level == "error"]
    assert any("fairnotice log roll" in text for text in found)


def test_a_webhook_that_cannot_be_signed_or_sent_is_named(look, tmp_path):
    secret = tmp_path / "hook.secret"

    def found(text="whsec_" + "A" * 43 + "=", *, mode=0o400, url="https://a.example/hook"):
        secret.unlink(missing_ok=True)
        if text is not None:
            secret.write_text(text)
            secret.chmod(mode)
        return look(check_out.webhooks, FN_WEBHOOKS=[{"url": url, "secret_file": str(secret)}])

    assert found() == []
    for wrong in ({"text": None}, {"text": ""}, {"text": "whsec_short"}, {"url": "http://a.example/"}):
        ((level, text),) = found(**wrong)
        assert level == "error" and "webhooks" in text and "short" not in text
    ((level, text),) = found(mode=0o444)
    assert level == "error" and "chmod" in text


def test_a_certificate_file_that_is_not_there_is_named(look, tmp_path):
    ((level, text),) = look(check._mail, FN_MAIL=mail(ca_file=str(tmp_path / "none.pem")))
    assert level == "error" and "smtp_ca_file" in text


def test_nobody_on_duty_is_complained_of(look):
    nobody = look(check_people.on_duty, FN_EMERGENCY_CONTACTS=[], FN_EMERGENCY_COMMAND="")
    assert [(level, "nobody is named" in text) for level, text in nobody] == [("warning", True)]
    two = ["one@example.org", "two@example.org"]
    assert look(check_people.on_duty, FN_EMERGENCY_CONTACTS=two, FN_MAIL=mail()) == []
    found = look(check_people.on_duty, FN_EMERGENCY_CONTACTS=["nobody"], FN_EMERGENCY_COMMAND="/no/such")
    # No address, one person alone, and a program that is not there.
    assert sorted(level for level, _text in found) == ["error", "error", "warning"]
