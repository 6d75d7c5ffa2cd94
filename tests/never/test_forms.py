"""Nobody has to say who they are, and files come in by one page alone, which knows what they are about."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import Client

import fairnotice
from fairnotice.cases.drafts import ItemDraft, NoticeDraft, check_notice
from fairnotice.law.problems import INTIMATE, MINORS, NO_FILES, PROBLEMS
from tests.cases import making
from tests.intake import filling
from tests.never import walking

# Forms of people who work here, where a name is the sign-in name.
STAFF = {"fairnotice.accounts.forms"}
# The one that is about an address and nothing else: who wants a letter each month. No report comes in by it.
LETTERS = {"fairnotice.reports.subscribing.AddressForm": "email"}


def _forms() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(fairnotice.__path__, "fairnotice."):
        if "forms" in module.name.split("."):
            importlib.import_module(module.name)
    found = [forms.BaseForm]
    while found:
        for form in found.pop().__subclasses__():
            found.append(form)
            if form.__module__.startswith("fairnotice.") and form.__module__ not in STAFF:
                yield form


def _faults(form: type[forms.BaseForm]) -> list[str]:
    fields = getattr(form, "base_fields", {})
    bad = walking.bad_names(fields, walking.IDENTITY_PAPERS | walking.PHONES | walking.VISITORS)
    for name, field in fields.items():
        if isinstance(field, forms.FileField):
            bad.append(f"{name} takes a file")
        wants_letters = LETTERS.get(f"{form.__module__}.{form.__name__}") == name
        if field.required and walking.bad_names([name], walking.CALLED) and not wants_letters:
            bad.append(f"{name} is a must")
    return [f"{form.__name__}: {fault}" for fault in bad]


def test_no_form_asks_who_somebody_is_or_takes_a_file() -> None:
    """A name and an e-mail address may be left out at every door."""
    assert [fault for form in _forms() for fault in _faults(form)] == []


def test_a_planted_form_is_found() -> None:
    for field in (
        {"email": forms.EmailField()},
        {"notifier_name": forms.CharField()},
        {"phone": forms.CharField(required=False)},
        {"picture": forms.ImageField(required=False)},
    ):
        assert _faults(type("Planted", (forms.Form,), field))


@pytest.mark.usefixtures("fn_db")
def test_a_notice_without_name_and_address_is_taken() -> None:
    sent = making.notice(name="", email="")
    assert sent.code
    draft = NoticeDraft(
        items=[ItemDraft("https://example.org/a")], problem="defamation", why="False.", good_faith=True
    )
    assert check_notice(draft) == []


def _required(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        must = schema.get("required")
        if must is True:
            yield str(schema.get("name"))
        elif isinstance(must, list):
            yield from (str(name) for name in must)
        for value in schema.values():
            yield from _required(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _required(value)


@pytest.mark.usefixtures("fn_db")
def test_the_programming_interface_asks_for_no_name_either(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert walking.bad_names(_required(schema), walking.CALLED) == []
    assert "multipart/form-data" not in str(schema)


def test_a_planted_must_in_a_schema_is_found() -> None:
    planted = {"components": {"schemas": {"Notice": {"required": ["items", "notifier_email"]}}}}
    assert walking.bad_names(_required(planted), walking.CALLED)


#: The public page that checks transparency reports: files of companies about numbers, read and forgotten.
CHECKS_REPORTS = "reports/check_views.py"


def test_no_code_reads_files_that_somebody_sends() -> None:
    for path, tree in walking.sources(words=["FILES", "UploadedFile", "File"]):
        if str(path).endswith(CHECKS_REPORTS):
            continue
        read = [
            node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "FILES"
        ]
        assert read == [], path
        assert not {"UploadedFile", "File"} & {name.rpartition(".")[2] for name in walking.imported(tree)}, (
            path
        )


def test_what_checks_reports_can_keep_nothing_of_them() -> None:
    tree = ast.parse((walking.SOURCE / CHECKS_REPORTS).read_text("utf-8"))
    ours = {name for name in walking.imported(tree) if name.startswith("fairnotice.")}
    assert ours
    assert all(
        name.startswith(("fairnotice.harmonised.", "fairnotice.plumbing.limit", "fairnotice.reports.checker"))
        for name in ours
    ), ours
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not used & {"open", "session", "objects", "cache", "storage", "save", "write_bytes", "write_text"}
    assert "logging" not in walking.imported(tree)


def test_only_one_page_sends_files_that_are_kept() -> None:
    """Three pages let a person choose a file. One checks transparency reports and keeps nothing (above). In
    another it is read in their browser: outside of a form and without
    a name, no browser would ever send it. The last is the page before "send", where it is known what a report is
    about; its field is there only where the law's table says that files may come with that."""
    pages = {
        f"{page.parent.name}/{page.name}": page.read_text("utf-8") for page in walking.SOURCE.rglob("*.html")
    }
    with_field = {name for name, text in pages.items() if 'type="file"' in text}
    assert with_field == {"ledger/check.html", "intake/review.html", "reports/check.html"}
    text = pages["ledger/check.html"]
    assert "<form" not in text
    assert all("name=" not in tag for tag in re.findall(r"<(?:input|textarea|select|button)[^>]*>", text))
    assert {name for name, text in pages.items() if "multipart/form-data" in text} == {
        "intake/review.html",
        "reports/check.html",
    }
    review = pages["intake/review.html"]
    assert review.count("multipart/form-data") == review.count('type="file"') == 1
    after = review.partition('type="file"')[2]
    assert '{% if takes_files %} enctype="multipart/form-data"{% endif %}' in after


@pytest.mark.usefixtures("fn_db")
def test_the_field_is_not_there_where_a_copy_would_repeat_the_harm(client: Client) -> None:
    flagged = {problem.slug for problem in PROBLEMS if NO_FILES in problem.flags}
    about = {problem.slug for problem in PROBLEMS if {MINORS, INTIMATE} & problem.flags}
    assert about and about <= flagged
    for problem in PROBLEMS:
        page = client.post("/report/review/", filling.form(problem=problem.slug))
        assert (b'type="file"' in page.content) == (problem.slug not in flagged), problem.slug


def test_no_setting_takes_files_where_none_may_come() -> None:
    """The rule stands in the table of problems, and what asks it reads no setting."""
    source = (walking.SOURCE / "law" / "evidence.py").read_text("utf-8")
    assert "settings" not in source and "NO_FILES not in found.flags" in source
