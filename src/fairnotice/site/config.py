"""The operator's settings file, `fairnotice.toml` in the data folder.

Everything an operator decides is in this one file; `fairnotice init` writes it with comments and
`fairnotice check` reads it back. Unknown keys are an error: a misspelt setting must not be silently ignored.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from fairnotice.cases.reporting.profiles import PROFILES
from fairnotice.intake.letterbox import listen
from fairnotice.law import retention
from fairnotice.law.emergencies import EVENT
from fairnotice.law.measures import TO_SOFTWARE
from fairnotice.law.words import gettext_noop
from fairnotice.plumbing import instream, visitors
from fairnotice.site import config_keys, config_reports, config_services, config_sign_in

FILE_NAME = "fairnotice.toml"
_WEB = ("https://", "http://")
_EVENTS = (*TO_SOFTWARE.values(), EVENT)
_WEBHOOK = ("url", "secret_file", "events", "location")
#: Numbers that are the same in many countries of Europe: 112 by Directive (EU) 2018/1972, article 109; those
#: that begin with 116 by Commission Decision 2007/116/EC, as amended by 2007/698/EC (116 111, 116 123) and
#: 2009/884/EC (116 006). Which of them answers in a country is for its operator to check.
HELPLINES: tuple[dict[str, str], ...] = (
    {
        "name": gettext_noop("Emergency number"),
        "contact": "112",
        "note": gettext_noop("In the European Union and many other countries"),
    },
    {
        "name": gettext_noop("Emotional support"),
        "contact": "116 123",
        "note": gettext_noop("In many countries of Europe"),
    },
    {
        "name": gettext_noop("Children and young people"),
        "contact": "116 111",
        "note": gettext_noop("In many countries of Europe"),
    },
    {
        "name": gettext_noop("Victims of crime"),
        "contact": "116 006",
        "note": gettext_noop("In some countries of Europe"),
    },
)
_HELPLINE = ("name", "country", "contact", "url", "note")


class ConfigError(ValueError):
    """The settings file says something that cannot be used; the message says which key and how to mend it."""


@dataclass(frozen=True)
class Config:
    """All settings with their defaults. Times are whole seconds."""

    operator_name: str = "This service"
    operator_contact: str = ""
    operator_address: str = ""
    report_service: str = ""
    report_profile: str = "platform"
    legal_representative: str = ""
    contact_languages: list[str] = field(default_factory=lambda: ["en"])
    dispute_bodies: list[str] = field(default_factory=list)
    base_url: str = "http://127.0.0.1:8000"
    proxies: list[str] = field(default_factory=list)
    log_origin: str = "127.0.0.1:8000/log"
    log_interval: int = 3600
    log_batch: int = 1000
    witness_policy: str = ""
    witness_timeout: int = 10
    promise_delay: int = 86400
    log_key: str = "vault"
    log_retention_years: int = 0
    register_interval: int = 86400
    master_key_file: str = ""
    backup_folder: str = ""
    backup_recipients: list[str] = field(default_factory=list)
    keys_backup_days: int = 7
    mail_adapter: str = "console"
    mail_from: str = "notices@localhost"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password_file: str = ""
    smtp_starttls: bool = False
    lmtp_listen: str = ""
    imap_host: str = ""
    imap_port: int = 993
    imap_tls: str = "tls"
    imap_ca_file: str = ""
    imap_user: str = ""
    imap_password_file: str = ""
    imap_folder: str = "INBOX"
    imap_done_folder: str = ""
    receipts_per_hour: int = 60
    smtp_ca_file: str = ""
    smtp_timeout: int = 30
    quick_exit_url: str = "https://www.wikipedia.org/"
    helplines: list[dict[str, str]] = field(default_factory=lambda: [dict(line) for line in HELPLINES])
    small_team: bool = False
    second_factor: str = "required"
    staff_change_hours: int = 24
    identity_providers: list[dict[str, str]] = field(default_factory=list)
    api_per_minute: int = 1200
    flood_per_minute: int = 300
    own_organisation: str = ""
    import_folder: str = ""
    rdap_per_minute: int = 600
    answer_hours: int = 72
    keep_days: dict[str, int] = field(default_factory=dict)
    peers: list[dict[str, str]] = field(default_factory=list)
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    customer_hook: str = ""
    forward_machine_reports: bool = False
    pass_on_to: str = ""
    pass_on_command: str = ""
    services: list[dict[str, Any]] = field(default_factory=list)
    flag_inbox: bool = False
    flag_servers: list[dict[str, str]] = field(default_factory=list)
    evidence_mb: int = 10
    evidence_count: int = 5
    evidence_notice_mb: int = 25
    mail_original_days: int = 30
    clamd: str = ""
    emergency_contacts: list[str] = field(default_factory=list)
    emergency_minutes: int = 15
    emergency_command: str = ""
    access_log_months: int = 12
    statements_send: bool = False
    statements_url: str = ""
    statements_database: str = "sandbox"
    statements_token_file: str = ""
    statements_since: str = ""
    operator_report_mail: list[str] = field(default_factory=list)
    subscriptions_per_hour: int = 60
    observatory_store: str = "observatory"


def default_key_file(data: Path) -> Path:
    """Where the master key lies unless the settings say otherwise: in the user's configuration folder,
    never beside the database, so that a copy of the data folder alone opens nothing."""
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    name = str(data.resolve()).strip("/").replace("/", "-") or "root"
    return base / "fairnotice" / f"{name}.key"


def load(data: Path) -> Config:
    """Read `fairnotice.toml` of a data folder; the defaults where there is none.

    Raises ConfigError with the file, the key and the mend.
    """
    path = data / FILE_NAME
    if not path.exists():
        return Config()
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a readable TOML file: {error}") from error
    known = {f.name: f for f in fields(Config)}
    defaults = Config()
    for key, value in raw.items():
        if key not in known:
            raise ConfigError(f"{path}: there is no setting '{key}'. Settings: {', '.join(sorted(known))}")
        wanted = type(getattr(defaults, key))
        if type(value) is not wanted:
            raise ConfigError(f"{path}: '{key}' must be a {wanted.__name__}, not {value!r}")
    config = Config(**raw)
    if config.report_profile not in PROFILES:
        raise ConfigError(f"{path}: 'report_profile' is one of: {', '.join(PROFILES)}")
    if len(config.report_service) > 200 or not config.report_service.isprintable():
        raise ConfigError(f"{path}: 'report_service' is a name of at most 200 characters on one line")
    if config.log_interval < 1 or config.promise_delay < config.log_interval:
        raise ConfigError(f"{path}: 'promise_delay' must be at least 'log_interval', and that at least 1")
    if config.log_batch < 1:
        raise ConfigError(f"{path}: 'log_batch' must be at least 1")
    if not 1 <= config.witness_timeout <= 300:
        raise ConfigError(f"{path}: 'witness_timeout' must be 1 to 300 seconds")
    if config.log_key != "vault" and not config.log_key.startswith(("file:/", "command:")):
        raise ConfigError(
            f"{path}: 'log_key' is 'vault', 'file:' with a whole path, or 'command:' with a program"
        )
    if config.flood_per_minute < 0:
        raise ConfigError(f"{path}: 'flood_per_minute' is a number, or 0 for never")
    if config.rdap_per_minute < 1 or not 1 <= config.answer_hours <= 8760:
        raise ConfigError(f"{path}: 'rdap_per_minute' is at least 1, 'answer_hours' 1 to 8760")
    for peer in config.peers:
        if not {"url", "token_file"} <= set(peer) or not peer["url"].startswith(("http://", "https://")):
            raise ConfigError(
                f"{path}: each of 'peers' has a 'url' that starts with https:// and a 'token_file'"
            )
    _check_webhooks(path, config)
    if not 1 <= config.smtp_timeout <= 60:
        raise ConfigError(f"{path}: 'smtp_timeout' is 1 to 60 seconds")
    if config.log_retention_years < 0:
        raise ConfigError(f"{path}: 'log_retention_years' is a number of years, or 0 for all time")
    if config.mail_adapter not in ("console", "smtp"):
        raise ConfigError(f"{path}: 'mail_adapter' is 'console' or 'smtp', not {config.mail_adapter!r}")
    if not config.base_url.startswith(("http://", "https://")) or config.base_url.endswith("/"):
        raise ConfigError(f"{path}: 'base_url' starts with http:// or https:// and has no slash at the end")
    if config.pass_on_to and config.pass_on_command:
        raise ConfigError(f"{path}: set one of 'pass_on_to' and 'pass_on_command', not both")
    try:
        retention.schedule(config.keep_days)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{path}: 'keep_days': {error}") from None
    for fault in config_keys.faults(
        config.master_key_file, config.backup_recipients, config.keys_backup_days
    ):
        raise ConfigError(f"{path}: {fault}")
    if not 1 <= config.emergency_minutes <= 240:
        raise ConfigError(f"{path}: 'emergency_minutes' is 1 to 240")
    if not all(isinstance(one, str) for one in config.emergency_contacts):
        raise ConfigError(f"{path}: 'emergency_contacts' is a list of e-mail addresses")
    if not 3 <= config.access_log_months <= 12:
        raise ConfigError(f"{path}: 'access_log_months' is 3 to 12")
    try:
        visitors.networks(config.proxies)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{path}: 'proxies' is a list of addresses or networks: {error}") from None
    _check_help(path, config)
    _check_letterbox(path, config)
    _check_evidence(path, config)
    for fault in (
        *config_services.faults(config.services, config.flag_servers),
        *config_sign_in.faults(config.second_factor, config.staff_change_hours, config.identity_providers),
        *config_reports.faults(
            config.statements_send,
            config.statements_url,
            config.statements_database,
            config.statements_token_file,
            config.statements_since,
        ),
        *config_reports.mail_faults(config.operator_report_mail, config.subscriptions_per_hour),
    ):
        raise ConfigError(f"{path}: {fault}")
    return config


def _check_letterbox(path: Path, config: Config) -> None:
    """The doors for mail."""
    if config.lmtp_listen:
        try:
            listen.parse(config.lmtp_listen)
        except listen.BadListen as error:
            raise ConfigError(f"{path}: 'lmtp_listen': {error}") from None
    if config.imap_tls not in ("tls", "starttls", "none"):
        raise ConfigError(f"{path}: 'imap_tls' is 'tls', 'starttls' or 'none', not {config.imap_tls!r}")
    if not 0 < config.imap_port < 65536:
        raise ConfigError(f"{path}: 'imap_port' is a number from 1 to 65535")
    for name in ("imap_folder", "imap_done_folder"):
        folder = getattr(config, name)
        if any(ord(sign) < 32 for sign in folder) or (name == "imap_folder" and not folder):
            raise ConfigError(f"{path}: '{name}' is the name of a folder")
    if config.imap_folder == config.imap_done_folder:
        raise ConfigError(f"{path}: 'imap_done_folder' is another folder than 'imap_folder'")
    if config.receipts_per_hour < 0:
        raise ConfigError(f"{path}: 'receipts_per_hour' is a number, or 0 for none")


def _check_evidence(path: Path, config: Config) -> None:
    """Files that come with notices."""
    if not 0 <= config.evidence_count <= 20:
        raise ConfigError(f"{path}: 'evidence_count' is 0 to 20 files, 0 for none at all")
    if not 1 <= config.evidence_mb <= config.evidence_notice_mb <= 50:
        raise ConfigError(f"{path}: 'evidence_mb' is at least 1, 'evidence_notice_mb' no less and at most 50")
    if not 1 <= config.mail_original_days <= 366:
        raise ConfigError(f"{path}: 'mail_original_days' is 1 to 366 days")
    if config.clamd:
        try:
            instream.parse(config.clamd)
        except instream.BadPlace as error:
            raise ConfigError(f"{path}: 'clamd': {error}") from None


def _check_webhooks(path: Path, config: Config) -> None:
    for hook in config.webhooks:
        if not isinstance(hook, dict) or not all(
            isinstance(hook.get(k), str) for k in ("url", "secret_file")
        ):
            raise ConfigError(f"{path}: each of 'webhooks' has a 'url' and a 'secret_file'")
        if unknown := sorted(set(hook) - set(_WEBHOOK)):
            raise ConfigError(
                f"{path}: 'webhooks': there is no '{unknown[0]}'. One has: {', '.join(_WEBHOOK)}"
            )
        if not hook["url"].startswith(_WEB):
            raise ConfigError(f"{path}: 'webhooks': a 'url' starts with https://")
        if not isinstance(hook.get("location", False), bool):
            raise ConfigError(f"{path}: 'webhooks': 'location' is true or false")
        events = hook.get("events", [])
        if not isinstance(events, list) or not all(event in _EVENTS for event in events):
            raise ConfigError(f"{path}: 'webhooks': 'events' is a list of: {', '.join(_EVENTS)}")
    urls = [hook["url"] for hook in config.webhooks]
    if len(set(urls)) < len(urls):
        raise ConfigError(f"{path}: 'webhooks': each 'url' stands there once")


def _check_help(path: Path, config: Config) -> None:
    """What people in distress are shown: a mistake there would only show when somebody needs it."""
    if config.quick_exit_url and not config.quick_exit_url.startswith(_WEB):
        # Without these letters it would lead to another page of this site.
        raise ConfigError(f"{path}: 'quick_exit_url' starts with http:// or https://, or is empty")
    for line in config.helplines:
        if not isinstance(line, dict) or not all(isinstance(text, str) for text in line.values()):
            raise ConfigError(
                f"{path}: each of 'helplines' is written as {{ name = \"...\", ... }} with texts"
            )
        unknown = sorted(set(line) - set(_HELPLINE))
        if unknown or not line.get("name", "").strip():
            wrong = f"there is no '{unknown[0]}'" if unknown else "one has no 'name'"
            raise ConfigError(f"{path}: 'helplines': {wrong}. A line has: {', '.join(_HELPLINE)}")
        if line.get("url") and not line["url"].startswith(_WEB):
            raise ConfigError(f"{path}: 'helplines': a 'url' starts with http:// or https://")
