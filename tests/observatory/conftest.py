"""What is kept for a user between runs is kept for no test; and a store with the command that fills it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fairnotice.observatory.store import Store
from fairnotice.site import cli


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def dumps(tmp_path):
    return tmp_path / "dumps"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def call(store, capsys):
    """Run `fairnotice observatory ...`: the exit status, and all that was said."""

    def command(*words):
        status = cli.main(["observatory", *map(str, words), "--store", str(store.path)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return command
