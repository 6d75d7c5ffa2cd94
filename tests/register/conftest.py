"""A desk whose decisions can be published."""

from __future__ import annotations

import pytest

from tests.register.entries import Desk


@pytest.fixture
def desk(fn_db: None) -> Desk:
    return Desk()
