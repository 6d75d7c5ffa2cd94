"""`fairnotice serve` as real processes: what dies comes back, and nothing outlives the parent."""

import os
import signal

import pytest

from fairnotice.site.serve import NO_TLS
from tests.site.served import alive, free_port, is_free, serving, wait_for
from tests.site.visitor import Visitor

pytestmark = pytest.mark.fault


def test_it_answers_and_sigterm_ends_all_of_it_with_status_0(data_folder):
    with serving(data_folder) as served:
        assert served.get("/healthz") == (200, "ok\n")
        wait_for(lambda: f"Open http://127.0.0.1:{served.port}/" in served.said())
        processes = wait_for(lambda: len(served.processes()) == 4 and served.processes())
        assert served.stop(signal.SIGTERM) == 0
        assert not [pid for pid in processes if alive(pid)]
        assert is_free(served.port)


def test_ctrl_c_ends_it_with_status_0(data_folder):
    with serving(data_folder) as served:
        assert served.stop(signal.SIGINT) == 0
        assert "Traceback" not in served.said()


@pytest.mark.parametrize("which", ["worker", "fairnotice.site.web", "fairnotice.site.runner"])
def test_a_killed_child_comes_back(data_folder, which):
    with serving(data_folder) as served:

        def find():
            return served.worker() if which == "worker" else served.child(which)

        before = wait_for(find)
        os.kill(before, signal.SIGKILL)
        wait_for(lambda: find() not in (None, before) and not alive(before))
        wait_for(lambda: served.get("/healthz")[0] == 200)
        assert served.parent.poll() is None


def test_a_worker_that_is_killed_again_and_again_comes_back_each_time(data_folder):
    with serving(data_folder) as served:
        killed: list[int] = []
        for _ in range(3):
            worker = wait_for(served.worker)
            killed.append(worker)
            os.kill(worker, signal.SIGKILL)
            wait_for(lambda: served.worker() not in (None, *killed))
        wait_for(lambda: served.get("/healthz")[0] == 200)


def test_nothing_outlives_a_killed_parent(data_folder):
    with serving(data_folder) as served:
        processes = wait_for(lambda: len(served.processes()) == 4 and served.processes())
        served.parent.kill()
        served.parent.wait()
        wait_for(lambda: not [pid for pid in processes if alive(pid)])
        wait_for(lambda: is_free(served.port))
    with serving(data_folder) as again:
        assert again.get("/healthz")[0] == 200


def test_the_second_server_of_a_folder_is_told_who_holds_it(data_folder):
    with serving(data_folder) as served:
        second = data_folder.run("-m", "fairnotice", "serve", "--port", str(free_port()))
        assert second.returncode == 2
        assert f"process {served.parent.pid}" in second.stderr
        assert served.get("/healthz")[0] == 200


def test_the_door_for_mail_is_a_child_that_comes_back(data_folder):
    port = free_port()
    with serving(data_folder, "--lmtp", f"127.0.0.1:{port}") as served:
        before = wait_for(lambda: served.child("fairnotice.site.lmtp"))
        wait_for(lambda: f"Mail is taken over LMTP at 127.0.0.1:{port}." in served.said())
        os.kill(before, signal.SIGKILL)
        wait_for(lambda: served.said().count("Mail is taken") == 2)
        processes = served.processes()
        assert len(processes) == 5 and not is_free(port)
        assert served.stop() == 0
        assert not [pid for pid in processes if alive(pid)] and is_free(port)


@pytest.mark.parametrize("where", ["192.0.2.1:24", "unix:/no/such/folder/lmtp", "nowhere"])
def test_the_door_for_mail_is_on_this_machine_only(data_folder, where):
    result = data_folder.run("-m", "fairnotice", "serve", "--lmtp", where)
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert where.removeprefix("unix:").removesuffix("/lmtp") in result.stderr


EVERYWHERE = "0.0.0.0"  # noqa: S104  refused, and then answered to loopback


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.1", "example.org", ""])
def test_beyond_this_machine_only_behind_a_proxy_that_is_named(data_folder, host):
    result = data_folder.run("-m", "fairnotice", "serve", "--host", host)
    assert result.returncode == 2
    assert NO_TLS in result.stderr
    assert "Traceback" not in result.stderr


def test_behind_a_proxy_it_answers_beyond_this_machine(data_folder):
    text = (data_folder.path / "fairnotice.toml").read_text()
    more = 'base_url = "https://notices.example.org"\nproxies = ["127.0.0.0/8"]\n'
    (data_folder.path / "fairnotice.toml").write_text(text + more)
    with serving(data_folder, "--host", EVERYWHERE) as served:
        answer = Visitor(served.port, headers={"Host": "notices.example.org"}).get("/healthz")
        assert answer.status == 200


def test_a_port_in_use_is_said_and_not_shared(data_folder, tmp_path):
    other = str(tmp_path / "other")
    assert data_folder.run("-m", "fairnotice", "init", "--data", other).returncode == 0
    with serving(data_folder) as served:
        result = data_folder.run("-m", "fairnotice", "serve", "--port", str(served.port), "--data", other)
        assert result.returncode == 2
        assert f"Port {served.port}" in result.stderr


def test_an_open_key_is_refused_with_the_mend(data_folder):
    data_folder.key_file.chmod(0o644)
    result = data_folder.run("-m", "fairnotice", "serve")
    assert result.returncode == 2
    assert f"chmod 0400 {data_folder.key_file}" in result.stderr


def test_a_key_beside_the_database_is_refused(data_folder):
    inside = data_folder.path / "master.key"
    data_folder.key_file.rename(inside)
    text = (data_folder.path / "fairnotice.toml").read_text().replace(str(data_folder.key_file), str(inside))
    (data_folder.path / "fairnotice.toml").write_text(text)
    result = data_folder.run("-m", "fairnotice", "serve")
    assert result.returncode == 2
    assert "lies beside the database" in result.stderr


def test_the_runner_enters_what_was_written_into_the_log(data_folder):
    done = data_folder.run("-m", "fairnotice", "user", "add", "a-reviewer", "--role", "reviewer")
    assert done.returncode == 0, done.stderr
    with serving(data_folder) as served:
        log = data_folder.path / "log"
        wait_for(lambda: [c.read_text().splitlines()[1] for c in log.glob("2*/checkpoint")] == ["1"])
        assert served.stop() == 0
