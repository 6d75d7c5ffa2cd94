"""`fairnotice init`: a folder that works, a key outside of it, and nothing changed the second time."""

import sqlite3
import stat
import tomllib
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.site.config import Config, ConfigError, load
from fairnotice.site.settings_file import EXPLAINED, render


@pytest.fixture
def init(data_folder, tmp_path):
    """Runs `fairnotice init` on a folder that does not exist yet."""

    def run(folder=tmp_path / "new"):
        return folder, data_folder.run("-m", "fairnotice", "init", "--data", str(folder))

    return run


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def key_of(tmp_path):
    return next((tmp_path / "home" / "fairnotice").glob("*.key"))


def test_a_folder_is_made_once_and_its_lost_key_is_not_replaced(init, data_folder, tmp_path):
    """In one test, since making the tables takes longest."""
    it_can_be_worked_on_and_is_for_this_user_alone(init, data_folder, tmp_path)
    the_second_time_says_what_it_found_and_changes_nothing(init, tmp_path)
    a_lost_key_is_not_replaced_by_a_new_one(init, tmp_path)


def it_can_be_worked_on_and_is_for_this_user_alone(init, data_folder, tmp_path):
    folder, result = init()
    assert result.returncode == 0, result.stderr
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    key = key_of(tmp_path)
    assert mode(key) == 0o400
    assert not key.is_relative_to(folder)
    assert str(key) in result.stdout
    assert "fairnotice serve" in result.stdout
    check = data_folder.run("-m", "fairnotice", "check", "--data", str(folder))
    assert check.returncode == 0, check.stdout


def the_second_time_says_what_it_found_and_changes_nothing(init, tmp_path):
    folder = tmp_path / "new"
    before = {path: path.read_bytes() for path in (folder / "fairnotice.toml", key_of(tmp_path))}
    _, again = init()
    assert again.returncode == 0
    assert "Found the settings" in again.stdout
    assert "is up to date" in again.stdout
    assert "Next:" not in again.stdout
    assert {path: path.read_bytes() for path in before} == before


def a_lost_key_is_not_replaced_by_a_new_one(init, tmp_path):
    key = key_of(tmp_path)
    key.rename(tmp_path / "elsewhere")
    _, again = init()
    assert again.returncode == 2
    assert str(key) in again.stderr
    assert not key.exists()


def test_a_key_is_never_made_in_the_data_folder(init, tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "fairnotice.toml").write_text(f'master_key_file = "{folder}/master.key"\n')
    _, result = init()
    assert result.returncode == 2
    assert "must not lie in the data folder" in result.stderr
    assert not (folder / "master.key").exists()


def test_lost_triggers_stop_the_program_and_init_puts_them_back(data_folder):
    database = sqlite3.connect(data_folder.path / "db.sqlite3")
    (name,) = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1").fetchone()
    database.execute(f'DROP TRIGGER "{name}"')
    database.commit()
    refused = data_folder.run("-m", "fairnotice", "user", "list")
    assert refused.returncode == 2
    assert "lost their protection" in refused.stderr
    assert data_folder.run("-m", "fairnotice", "init").returncode == 0
    assert data_folder.run("-m", "fairnotice", "user", "list").returncode == 0
    assert database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [name]).fetchone()
    database.close()


def test_a_database_of_another_version_stops_the_program_until_init(data_folder):
    database = sqlite3.connect(data_folder.path / "db.sqlite3")
    database.execute("DROP TABLE django_session")
    database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    database.commit()
    database.close()
    refused = data_folder.run("-m", "fairnotice", "user", "list")
    assert refused.returncode == 2
    assert "fairnotice init --data" in refused.stderr
    assert data_folder.run("-m", "fairnotice", "init").returncode == 0
    assert data_folder.run("-m", "fairnotice", "user", "list").returncode == 0


def test_every_setting_is_explained():
    assert set(EXPLAINED) == {field.name for field in fields(Config)}
    assert all(text.strip() for text in EXPLAINED.values())


def test_the_written_defaults_are_the_defaults(tmp_path):
    (tmp_path / "fairnotice.toml").write_text(render(Config()), "utf-8")
    assert load(tmp_path) == Config()


@pytest.mark.parametrize(
    "wrong",
    [
        'quick_exit_url = "www.example.org"',
        'helplines = ["Somebody, 116 123"]',
        'helplines = [{ nam = "Somebody" }]',
        'helplines = [{ contact = "116 123" }]',
        'helplines = [{ name = "Somebody", note = 1 }]',
        'helplines = [{ name = "Somebody", url = "example.org" }]',
        "emergency_minutes = 0",
        "emergency_contacts = [1]",
        "access_log_months = 13",
        "access_log_months = 2",
    ],
)
def test_a_mistake_in_what_people_in_distress_are_shown_is_named(tmp_path, wrong):
    (tmp_path / "fairnotice.toml").write_text(wrong, "utf-8")
    with pytest.raises(ConfigError, match=wrong.split()[0]):
        load(tmp_path)


def test_no_quick_exit_and_whole_helplines_are_taken(tmp_path):
    line = '{ name = "Somebody", country = "DE", contact = "116 123", url = "https://example.org/", note = "day" }'
    (tmp_path / "fairnotice.toml").write_text(f'quick_exit_url = ""\nhelplines = [{line}]\n', "utf-8")
    config = load(tmp_path)
    assert (config.quick_exit_url, config.helplines[0]["name"]) == ("", "Somebody")


HOOK = '{ url = "https://a.example/hook", secret_file = "/s"'


@pytest.mark.parametrize(
    "wrong",
    [
        'webhooks = ["https://a.example/"]',
        'webhooks = [{ url = "https://a.example/" }]',
        'webhooks = [{ url = "a.example", secret_file = "/s" }]',
        f'webhooks = [{HOOK}, event = "measure.undo" }}]',
        f'webhooks = [{HOOK}, events = ["measure.ended"] }}]',
        f'webhooks = [{HOOK}, events = "measure.undo" }}]',
        f'webhooks = [{HOOK}, location = "yes" }}]',
        f"webhooks = [{HOOK} }}, {HOOK} }}]",
        "smtp_timeout = 0",
        "smtp_timeout = 61",
    ],
)
def test_a_mistake_in_what_goes_out_is_named(tmp_path, wrong):
    (tmp_path / "fairnotice.toml").write_text(wrong, "utf-8")
    with pytest.raises(ConfigError, match=wrong.split()[0]):
        load(tmp_path)


def test_a_whole_webhook_is_taken_and_written_back(tmp_path):
    line = f'webhooks = [{HOOK}, events = ["measure.undo"], location = true }}]'
    (tmp_path / "fairnotice.toml").write_text(line, "utf-8")
    config = load(tmp_path)
    assert config.webhooks[0]["events"] == ["measure.undo"] and config.webhooks[0]["location"] is True
    (tmp_path / "fairnotice.toml").write_text(render(config), "utf-8")
    assert load(tmp_path) == config


printable = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(
    name=printable,
    languages=st.lists(printable, max_size=3),
    number=st.integers(1, 10**9),
    small=st.booleans(),
)
def test_whatever_is_written_is_read_back(name, languages, number, small):
    config = replace(
        Config(),
        operator_name=name,
        contact_languages=languages,
        smtp_port=number,
        small_team=small,
        helplines=[{"name": name, "note": name}],
    )
    read = tomllib.loads(render(config))
    assert read["operator_name"] == name
    assert read["contact_languages"] == languages
    assert read["smtp_port"] == number
    assert read["small_team"] is small
    assert read["helplines"] == [{"name": name, "note": name}]
