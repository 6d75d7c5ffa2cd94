"""Why a file cannot be read: fixed sentences, so that each can be translated. Limits stand in `limits`."""

from __future__ import annotations

from fairnotice.law.words import gettext_noop

DAMAGED_ZIP = gettext_noop("The ZIP is damaged.")
DAMAGED_INSIDE = gettext_noop("It is damaged inside the ZIP.")
DAMAGED_BOOK = gettext_noop("The workbook is damaged.")
ENCRYPTED = gettext_noop("It is encrypted.")
NESTED = gettext_noop("A ZIP within a ZIP is not opened.")
NOT_OPENED = gettext_noop("It cannot be opened.")
TOO_MANY_FILES = gettext_noop(
    "There are more files than a report can have: this one and later ones were not read."
)
TOO_BIG = gettext_noop("It is bigger than a part of a report can be.")
TOO_BIG_TOGETHER = gettext_noop("Together, the files are bigger than a report can be.")
TOO_MANY_ROWS = gettext_noop("It has more rows than a report can have.")
TOO_MANY_COLUMNS = gettext_noop("It has more columns than a report can have.")
TOO_LARGE_SHEET = gettext_noop("A sheet has more rows or columns than a report can have.")
TOO_MUCH_WORK = gettext_noop("Reading it took too much.")
ENDLESS = gettext_noop("A cell is endless; a quotation mark may be missing.")
EMPTY = gettext_noop("It is empty.")
NO_TEXT = gettext_noop("It is not text.")
NO_CSV = gettext_noop("It is no CSV.")
A_PDF = gettext_noop("It is a PDF, not a table.")
A_PICTURE = gettext_noop("It is a picture, not a table.")
A_DOCUMENT = gettext_noop("It is a text document, not a table.")
NO_TABLE = gettext_noop("It is no table.")
