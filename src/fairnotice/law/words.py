"""The marker of texts that people read. The law itself speaks English; whoever shows a text translates it."""


def gettext_noop(text: str) -> str:
    """The text itself, unchanged: only a mark by which `makemessages` and xgettext find it in the source.

    The name is what they look for. A label or sentence without the mark would stay English in every language.
    """
    return text
