"""Every text that a person reads is marked for translation, so that it reaches the translators."""

from __future__ import annotations

import ast
import re

import pytest

from fairnotice.law import deadlines, enums, faults, measures, problems, states, taxonomy
from fairnotice.site.badges import BADGES
from tests.site import catalogue, unmarked

# What a command prints, what an administrator's file says and what programs read is English: see
# docs/development.md. `site/config.py` holds the name that stands until the operator gives one.
COMMAND_LINE = ("answerable/commands.py", "answerable/import_commands.py", "answerable/imports/drop.py",
                "answerable/lookup_command.py", "answerable/network_commands.py", "delivery/webhooks.py", "site/check.py", "site/check_out.py", "site/check_services.py", "site/cli.py",
                "site/client_commands.py", "site/report_build_commands.py", "cases/reporting/reading.py", "cases/reporting/services.py", "cases/reporting/tables.py", "site/report_commands.py", "site/commands.py", "site/config.py", "site/config_services.py",
                "site/forward_commands.py", "site/retention_commands.py", "site/backup_commands.py", "site/keys_commands.py", "site/check_backup.py",
                "site/filing_commands.py", "site/config_reports.py", "delivery/database/client.py", "site/check_people.py", "site/check_sign_in.py", "site/config_keys.py", "site/config_sign_in.py", "site/layout.py",
                *(f"site/backup/{name}.py" for name in ("archive", "identities", "make", "manifest", "restore", "snapshot")), "site/init.py", "site/intake_commands.py", "site/table_commands.py",
                "site/lmtp.py", "intake/letterbox/imap.py", "intake/letterbox/imap_link.py",
                "intake/letterbox/files.py", "intake/letterbox/listen.py", "site/findings.py", "site/log_commands.py", "site/recover_command.py", "site/serve.py",
                *(f"site/observatory/{name}.py" for name in ("__init__", "ask", "compare", "ingest", "kernel", "show", "store_option", "verify")),
                "site/settings_file.py", "site/setup.py", "site/staff_commands.py", "site/statement_commands.py")  # fmt: skip
FOR_PROGRAMS = ("intake/api.py", "intake/api_files.py", "intake/bearer.py", "intake/api_page.py", "intake/json_body.py", "intake/readers.py", "intake/schemas.py",
                "intake/well_known.py", "intake/xarf.py", "intake/xarf_extension.py", "intake/forwards.py", "intake/measures.py",
                "intake/letterbox/lmtp.py", "intake/report_door.py", "intake/report_reader.py", "intake/reports.py", "intake/xarf3.py",
                *(f"intake/formats/{name}.py" for name in ("__init__", "acns", "urlhaus", "xml")),
                # What a report's fields say becomes the words of the notice, as `intake/xarf.py` has them.
                *(f"intake/mail/{name}.py" for name in ("arf", "fields", "reader", "xarf_text")),
                *(f"intake/fediverse/{name}.py" for name in ("answers", "cavage", "discourse", "fields", "flag", "hooks", "inbox",
                                                             "mastodon", "rfc9421", "signed")))  # fmt: skip
# What the log refuses (`ledger.errors.LogRefusal`) is said to the operator, by a command or the runner.
OF_THE_LOG = tuple(f"ledger/{name}.py" for name in ("keys", "lostkeys", "publishing", "readback", "recover", "restored", "rollover",
                                                    "rotation", "sightings", "witnessing"))  # fmt: skip
# Nothing but statements and the triggers that refuse, which programs read.
FOR_THE_DATABASE = (
    "answerable/guards.py",
    "answerable/imports/store.py",
    "cases/counting/facts.py",
    "cases/guards.py",
)
# What stands in reports themselves, which are in English as the templates are.
OF_REPORTS = ("cases/counting/definitions.py", "cases/reporting/filling.py", "cases/reporting/notes.py")
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA) ")
# Literals that look like sentences and are none: SQL, patterns, formats, messages of faults in the program itself.
NO_WORDS = {
    # An exception of the sign-in, which becomes one page that tells no reason.
    "accounts/by_provider.py": "The token is not signed with a private key.",
    # A name as it goes into the register, which has one language; and a line of the program's own log.
    "answerable/imports/delegated.py": "Unnamed holder",
    "answerable/snapshot/store.py": "could not be read into memory",
    "cases/forward_words.py": "j F Y, H:i T",
    "cases/queries/desk.py": "note",
    "cases/queries/statistics.py": "EXTRACT(EPOCH",
    "delivery/xarf/words.py": "j F Y",
    "ledger/append.py": "Personal(path=",
    "ledger/entering.py": " LIMIT ",
    "register/wording.py": "(\\S+)",
    "site/templatetags/fairnotice.py": "j F Y",
}
MODULES = [pytest.param(path, tree, id=path) for path, tree in catalogue.python_files()]
TEMPLATES = [pytest.param(source, id=path) for path, source in catalogue.template_files()]


def test_the_law_marks_every_label_message_and_reason() -> None:
    levels = [{problems.LIFE, problems.MINORS, problems.INTIMATE}, set()]
    texts = {
        *(text for name, table in vars(enums).items() if name.isupper() for text in table.values()),
        *(text for group in taxonomy.KEYWORDS.values() for text in group.values()),
        *taxonomy.CATEGORIES.values(),
        *faults.MESSAGES.values(),
        *(text for kind in measures.MEASURES.values() for text in (kind.label, kind.reversible_hint) if text),
        *(text for problem in problems.PROBLEMS for text in (problem.label, problem.hint)),
        *(text for flags in levels for source in enums.SOURCE_TYPES for text in deadlines.priority(flags, True, source).reasons),
    }  # fmt: skip
    assert len(texts) > 400
    assert texts <= {singular for _context, singular, _plural in catalogue.all_marked()}


def test_every_state_has_words_of_its_own() -> None:
    of_statements = {"queued", "dispatched", "failed", "unreachable"}
    assert of_statements.union(*(states.states(thing) for thing in states.THINGS)) <= set(BADGES)


@pytest.mark.parametrize(("path", "tree"), MODULES)
def test_no_module_says_anything_unmarked(path: str, tree: ast.Module) -> None:
    assert list(unmarked.in_markers(tree)) == []
    if path.split("/")[0] not in unmarked.SHOWN_BY or path in (
        *COMMAND_LINE,
        *FOR_PROGRAMS,
        *FOR_THE_DATABASE,
        *OF_REPORTS,
        *OF_THE_LOG,
    ):
        return
    known = NO_WORDS.get(path)
    found = [one for one in unmarked.in_python(tree) if not SQL.match(one[1])]
    assert [one for one in found if known is None or known not in one[1]] == []


@pytest.mark.parametrize("source", TEMPLATES)
def test_no_template_says_anything_unmarked(source: str) -> None:
    assert list(unmarked.in_template(source)) == []


@pytest.mark.parametrize(
    "code",
    [
        'messages.success(request, "Done.", "x y")\nraise Refused("You may not.")',
        'field = CharField(label="Name")',
        'raise Refused(f"This is {n} long.")',
        'TABLE = {"a": "The decision stands."}',
    ],
)
def test_an_unmarked_text_in_a_module_is_found(code: str) -> None:
    assert list(unmarked.in_python(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils.translation import pgettext as in_context",
        "from django.utils.translation import gettext as say",
        '_(f"Hello {name}")',
        '_("Hello " + name)',
        '_("Hello %s" % name)',
    ],
)
def test_a_marker_that_extraction_would_miss_is_found(code: str) -> None:
    assert list(unmarked.in_markers(ast.parse(code)))


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<a title="Hello">{{ x }}</a>',
        '{% translate "Hello" %} you',
        '{% include "a.html" with title="Hello you" %}',
        '{{ name|default:"Nobody" }}',
        '<input type="submit" value="Send">',
    ],
)
def test_an_unmarked_text_in_a_template_is_found(source: str) -> None:
    assert list(unmarked.in_template(source))


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Hello" %}',
        "{% blocktranslate with a=b %}Hello {{ a }}{% endblocktranslate %}",
        '<a class="x" href="/a/" title="{% translate \'Hello\' %}">{{ y }}</a>',
        '{% include "a.html" with title=_("Hello you") %}',
        '<input type="hidden" value="send"><code>fairnotice verify</code>{{ day|date:"j F Y" }}',
    ],
)
def test_a_marked_text_in_a_template_passes(source: str) -> None:
    assert not list(unmarked.in_template(source))
