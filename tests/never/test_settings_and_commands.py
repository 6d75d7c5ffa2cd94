"""An operator, or whoever presses one, cannot switch on what is not there."""

from __future__ import annotations

import argparse
from dataclasses import fields

from django.conf import settings

from fairnotice.site.cli import _parser
from fairnotice.site.config import Config
from tests.never import walking

# Setting -> why it is none of what is forbidden.
ALLOWED = {
    "master_key_file": "where a key lies",
    "smtp_password_file": "where a password lies",
    "imap_password_file": "where a password lies",
    "statements_token_file": "where the token of the EU database lies",
    "report_profile": "what kind of service the operator runs",
    "FN_REPORT_PROFILE": "the same",
    "imap_ca_file": "which certificates to trust",
    "smtp_ca_file": "where the certificates lie that the mail server is known by",
    "FN_MASTER_KEY_FILE": "where a key lies",
    "FN_PROXY_NETWORKS": "the operator's own servers, behind which somebody is counted by their network",
    "identity_providers": "who vouches at sign-in for people who work here; never for those who report",
    "FN_IDENTITY_PROVIDERS": "the same",
}
REQUIRE = {"require", "required", "requires", "mandatory", "anonymous", "force", "demand"}

# Command -> why. Files here are those that the person at the keyboard names.
COMMANDS = {
    "verify file": "reads a receipt, changes nothing",
    "statements check file": "reads statements that are public or about to be, changes nothing",
    "prove file": "finds an entry in the public log, changes nothing",
    "notice submit file": "one notice, as if through the form",
    "intake table file": "many notices, each as if through the form",
    "rules publish file": "the operator's own rules",
    "forward reply file": "a letter that answers one of ours",
    "restore files": "the operator's own backup, into an empty folder",
    "restore --identity": "the file with the key that opens the backup: nobody's identity",
    "answerable import file": "who answers for which network: organisations",
}


def _faults(names: list[str]) -> list[str]:
    return walking.bad_names(names, walking.EVERYTHING | REQUIRE, ALLOWED)


def _names() -> list[str]:
    return [field.name for field in fields(Config)] + [
        name for name in dir(settings) if name.startswith("FN_")
    ]


def test_no_setting_for_what_must_not_be_done() -> None:
    """No switch can require a name or an e-mail address, or turn on scanning, shared lists or uploads."""
    assert _faults(_names()) == []


def test_a_planted_setting_is_found() -> None:
    for name in (
        "require_email",
        "anonymous_notices",
        "scan_urls",
        "phone_field",
        "shared_banlist_url",
        "FN_LOG_IP",
    ):
        assert _faults([name])


def test_accounts_ask_for_a_sign_in_name_and_nothing_else() -> None:
    asked = {field.rstrip("*") for field in settings.ACCOUNT_SIGNUP_FIELDS}
    assert asked <= {"username", "password1", "password2"}
    assert settings.ACCOUNT_USER_MODEL_EMAIL_FIELD is None


def _bad_commands(parser: argparse.ArgumentParser) -> list[str]:
    return walking.bad_names(walking.commands(parser), walking.EVERYTHING | REQUIRE | {"search"}, COMMANDS)


def test_no_command_for_what_must_not_be_done() -> None:
    assert _bad_commands(_parser(argparse.ArgumentParser(add_help=False))) == []


def test_the_walk_sees_every_command() -> None:
    seen = list(walking.commands(_parser(argparse.ArgumentParser(add_help=False))))
    for line in ("log export dir", "notice submit file", "verify --vkey"):
        assert line in seen


def test_a_planted_command_is_found() -> None:
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers()
    orders = verbs.add_parser("orders").add_subparsers()
    orders.add_parser("import").add_argument("csv")
    verbs.add_parser("notices").add_argument("--person")
    assert len(_bad_commands(parser)) >= 2
