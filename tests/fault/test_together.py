"""The site, its runner and a command-line import write at once; all get through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import DataFolder
from tests.fault.test_kill import Client
from tests.site.served import serving

pytestmark = pytest.mark.fault
HEADER = (
    "organisation_handle,organisation_name,country,contact_role,contact_channel,contact_address,resource,"
    "from_handle,delegation_kind,valid_from,valid_until,visibility,source\n"
)


def test_web_runner_and_import_at_once(data_folder: DataFolder) -> None:
    data_folder.configure(log_interval=1, promise_delay=60, api_per_minute=100000)
    table = data_folder.path.parent / "register.csv"
    rows = [
        f"ORG-{n},Organisation {n},DE,abuse,mail,abuse@n{n}.example,n{n}.example,,registrar,2020-01-01,,public,t\n"
        for n in range(3000)
    ]
    table.write_text(HEADER + "".join(rows))
    with serving(data_folder) as served:
        client = Client(served.port)
        command = data_folder.start("-m", "fairnotice", "answerable", "import", str(table))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(client.submit, range(60)))
        output, _ = command.communicate(timeout=240)
        assert command.returncode == 0, output
        assert sorted(client.acknowledged) == list(range(60))
        found = data_folder.run("-m", "fairnotice", "answerable", "lookup", "n2999.example")
        assert "Organisation 2999" in found.stdout
