"""Nobody has to say who they are, and nobody hands in files."""

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
from tests.cases import making
from tests.never import walking

# Forms of people who work here, where a name is the sign-in name.
STAFF = {"fairnotice.accounts.forms"}


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
        if field.required and walking.bad_names([name], walking.CALLED):
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


def test_no_code_reads_files_that_somebody_sends() -> None:
    for path, tree in walking.sources():
        read = [
            node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "FILES"
        ]
        assert read == [], path
        assert not {"UploadedFile", "File"} & {name.rpartition(".")[2] for name in walking.imported(tree)}, (
            path
        )


def test_no_page_sends_files() -> None:
    """One page lets a person choose a file: it is read in their browser. Outside of a form and without a name, no
    browser would ever send it."""
    pages = list(walking.SOURCE.rglob("*.html"))
    assert pages
    with_field = [page for page in pages if 'type="file"' in page.read_text("utf-8")]
    assert [page.name for page in with_field] == ["check.html"]
    text = with_field[0].read_text("utf-8")
    assert "<form" not in text
    assert all("name=" not in tag for tag in re.findall(r"<(?:input|textarea|select|button)[^>]*>", text))
    for page in pages:
        assert "multipart/form-data" not in page.read_text("utf-8"), page.name
