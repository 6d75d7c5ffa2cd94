"""The API keeps to its own description, whatever a machine can think of to send: never a failure of ours, no answer
that the description does not name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from pytest_django.fixtures import Settings
from schemathesis.config import SchemathesisConfig

from fairnotice.plumbing import limits
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db", "kept_open")

# A body can fit its shape and still have faults (a place named twice, a name that is no address): 422, as described.
_CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "409", "422"]}}}
)
described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=_CONFIG)


@pytest.fixture
def kept_open(settings: Settings) -> Iterator[None]:
    """Requests leave the test's own database connection open, and nobody is over the limit."""
    limits._full_again.clear()
    settings.FN_API_PER_MINUTE = 1_000_000
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@described.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_is_described(case: schemathesis.Case) -> None:
    case.call_and_validate()


@described.include(operation_id=["reportEffect", "waitingMeasures"]).parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_so_does_every_answer_to_the_service_s_own_software(case: schemathesis.Case) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {making.token('effects')}"})


@described.include(operation_id=["takeForward", "answerForward", "forwardState"]).parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_so_does_every_answer_to_another_service(case: schemathesis.Case) -> None:
    token = making.token("forwards", label="another service")
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
