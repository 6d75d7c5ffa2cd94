"""The sizes at which the verifiers of others are tried in every run of the tests, and what each is asked."""

from __future__ import annotations

import random

import pytest

from interop import published

SIZES = [1, 2, 3, 7, 255, 256, 257]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Log and questions of each size."""
    logs = [published.publish(tmp_path_factory.mktemp("log"), size) for size in SIZES]
    return {log.size: (log, published.questions(log, random.Random(1))) for log in logs}
