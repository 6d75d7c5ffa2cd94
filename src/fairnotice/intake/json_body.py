"""Reading JSON that a stranger sent: strict UTF-8, no numbers that are none, no depth that breaks the
reader."""

from __future__ import annotations

import json
from typing import Any, NoReturn


class NotJson(ValueError):
    """These bytes are no JSON. The message says what is wrong and never quotes them."""


def read_json(data: bytes) -> Any:
    """The value. Raises NotJson, and nothing else, for whatever bytes."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise NotJson(f"This is not UTF-8 text (byte {error.start}).") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"This is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from None
    except RecursionError:
        raise NotJson("This JSON is nested too deeply.") from None
    except ValueError:
        # Python refuses to read integers of more than 4,300 digits.
        raise NotJson("This JSON holds a number that cannot be read.") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
