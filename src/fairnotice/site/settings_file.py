"""Writes `fairnotice.toml`: every setting with its value and, above it, what it does."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from fairnotice.site.config import Config

# Setting -> what an operator must know about it. A test checks that none is left out.
EXPLAINED: dict[str, str] = {
    "operator_name": "Who runs this service. Shown on every page and in every letter.",
    "operator_contact": (
        "Where people and authorities reach you without an account: an e-mail address, a telephone number "
        "or a page (Digital Services Act, articles 11 and 12)."
    ),
    "operator_address": "Your postal address, on one line.",
    "report_service": (
        "The name of your service as it stands in transparency reports. Empty: the name of the operator."
    ),
    "report_profile": (
        "What you are, which decides what a transparency report has to say: micro (a micro or small "
        "enterprise, which owes none), hosting, platform, or vlop (a very large online platform)."
    ),
    "legal_representative": (
        "Who represents you in the European Union, if you have no seat there (article 13). Empty: nobody."
    ),
    "contact_languages": "The languages that you read and answer in, as codes.",
    "dispute_bodies": (
        "Certified bodies for settling disputes out of court (article 21), one text for each. They are "
        "named in every decision on an appeal."
    ),
    "base_url": (
        "The address at which people reach this site, without a slash at the end. It is written into "
        "letters and receipts."
    ),
    "proxies": (
        "Addresses or networks of the web servers that stand before this one and speak TLS to the world, for "
        'example ["127.0.0.1"]. Only what they say in X-Forwarded-For about who asks is believed; it is used '
        "for counting in memory alone. Empty: there is none, and everybody is who connects."
    ),
    "log_origin": (
        "The name of your transparency log: host and path of the log, without https://. Each year has a "
        "log of its own, whose name ends in the year. Choose it before the first notice: what was signed "
        "keeps its name for all time."
    ),
    "log_key": (
        "Where the key is that signs the log. 'vault': sealed in the data folder. 'file:/path': in a file of "
        "32 bytes in hexadecimal or base64, mode 0600. 'command:PROGRAM ARGS': behind a program of yours, "
        "for example for a smart card. A change counts for the next year's log; 'fairnotice log rotate-key' "
        "applies it at once."
    ),
    "log_retention_years": (
        "For how many years after its end a log stays public, at least; shown on the page about what is "
        "kept. 0: for as long as the service exists. Nothing is deleted on its own."
    ),
    "log_interval": (
        "Seconds between two rounds in which waiting entries enter the log together, in random order. Long "
        "rounds hide who came when."
    ),
    "log_batch": (
        "So many waiting entries enter the log at once, before the round is over. A busy service shortens "
        "the wait so; a quiet one keeps its long rounds."
    ),
    "witness_policy": (
        "A file in the tlog-policy format: which witnesses are asked to cosign the log, under which address, "
        "and how many must have done so before a checkpoint is published. Empty: none is asked."
    ),
    "witness_timeout": "Seconds that all witnesses together have to answer.",
    "promise_delay": (
        "Seconds within which you promise on every receipt that its entry is in the log. A promise that is "
        "not kept is evidence against you."
    ),
    "register_interval": "Seconds between two batches of entries in the public register. A day: 86400.",
    "master_key_file": (
        "The file with the master key. Empty: in the configuration folder of the user who runs this "
        "(~/.config/fairnotice). It must not lie in the data folder. 'credential:NAME': a credential that "
        "systemd hands over (LoadCredentialEncrypted). 'command:PROGRAM ARGS': what a program of yours "
        "prints, 32 bytes in base64."
    ),
    "backup_folder": (
        "Where 'fairnotice backup' puts its files, best on another disk; never inside the data folder. "
        "Empty: --to names a folder each time."
    ),
    "backup_recipients": (
        "Who can open backups: public keys of age, as age-keygen prints them (age1...). Their secret halves "
        "are kept elsewhere, never on this machine. Without one no backup is made."
    ),
    "keys_backup_days": (
        "How many days a backup of the keys is kept, 1 to 365. Somebody whose data was erased can come back "
        "from it for so long, if the list of erased keys is lost as well; so keep it short."
    ),
    "mail_adapter": (
        "'smtp' sends letters. 'console' sends nothing: letters become files in the folder 'mail' of the "
        "data folder, for trying things out."
    ),
    "mail_from": "The address that letters come from.",
    "smtp_host": "Your mail server.",
    "smtp_port": "Its port: 25 on the same machine, 587 for a server that asks who you are.",
    "smtp_user": "The name to sign in with at the mail server. Empty: without signing in.",
    "smtp_password_file": "A file that holds the password for it and nothing else; none stands in here.",
    "lmtp_listen": (
        "Where a mail server of this machine hands letters in over LMTP: '127.0.0.1:8024', or "
        "'unix:/run/fairnotice/lmtp'. Empty: nowhere. Whatever arrives there is stored; docs/mail-doors.md "
        "shows how to set up the mail server."
    ),
    "imap_host": (
        "A mail server whose folder is looked into each minute, over IMAP. New letters are stored, then "
        "marked. Empty: none. Nobody should read that mailbox with a mail program unless imap_done_folder "
        "is set."
    ),
    "imap_port": "Its port: 993 with 'tls', 143 otherwise.",
    "imap_tls": (
        "'tls': encrypted from the start. 'starttls': encrypted before anything is said. 'none': in the "
        "clear, for a server on this machine alone."
    ),
    "imap_ca_file": (
        "A file with the certificates to trust for it, where it has one of its own. Empty: those that this "
        "machine trusts."
    ),
    "imap_user": "The name to sign in with there.",
    "imap_password_file": "A file that holds the password for it and nothing else.",
    "imap_folder": "The folder that letters arrive in.",
    "imap_done_folder": (
        "The folder that stored letters are moved to; it is made where there is none. Then everything in "
        "imap_folder is taken, read or not. Empty: they stay and are marked as read; what was read before "
        "is not taken. Nothing is ever deleted."
    ),
    "receipts_per_hour": (
        "How many automatic letters may go out within an hour to people whose mail waits for a person; one "
        "address gets at most one a day. 0: none. Who sent a whole notice gets its code besides."
    ),
    "smtp_starttls": "Whether to switch to an encrypted connection before anything is sent.",
    "smtp_ca_file": (
        "A file with the certificates to trust for the mail server, where it has one of its own. Empty: "
        "those that this machine trusts."
    ),
    "smtp_timeout": "Seconds to wait for each answer of the mail server, 1 to 60.",
    "api_per_minute": (
        "How many requests one sender may make to the JSON API in a minute; more are asked to wait. The "
        "default is about what a small server takes in."
    ),
    "flood_per_minute": (
        "When more notices than this come in a minute by the form, or by mail, the rest is stored and held "
        "back until a person lets it go on. A browser with scripts shows by a small sum that it is no flood. "
        "0: nothing is held back for its number."
    ),
    "own_organisation": (
        "The handle that your own organisation has in the register of who is answerable. The network "
        "overview and the self-check show what it holds and passed on, and nobody else's."
    ),
    "import_folder": (
        "A folder, inside the data folder unless it is a whole path, whose files are taken into the register "
        "of who is answerable, one after the other. Empty: none."
    ),
    "rdap_per_minute": "How many RDAP questions one sender may ask in a minute; more are asked to wait.",
    "answer_hours": (
        "Hours that an organisation has to answer a notice that was forwarded to it, where nothing else is "
        "agreed."
    ),
    "keep_days": (
        "Days that personal data is kept, where you want other numbers than the schedule has: "
        "{ notice = 183, case = 183, undecided-notice = 30, contact = 0, affected-contact = 0, appeal = 0, "
        "message = 30, letter = 30, import = 90 }. docs/retention.md says from when each counts, and why."
    ),
    "peers": (
        "Services that notices are forwarded to, or answered, over REST, one line for each: "
        '{ url = "https://host.example/", token_file = "/path/to/token" }. Nothing is sent to any other.'
    ),
    "webhooks": (
        "Your own software that carries decisions out, one line for each address: "
        '{ url = "https://app.example/hook", secret_file = "/path/to/secret" }. What may stand in a line '
        'besides: events = ["measure.in_force"] or ["measure.undo"] for one kind alone, and location = true '
        "to send along where the item is. Each message is signed; docs/webhooks.md says how to check it."
    ),
    "customer_hook": (
        "A program of yours that passes a notice on to a customer of yours: it gets the letter and says only "
        "whether it was delivered. Who the customer is stays with you. Empty: none."
    ),
    "forward_machine_reports": (
        "true forwards reports that programs send (XARF) to the organisations that answer for the place "
        "without asking the sender each time: location and category, never words or a name. Set it where "
        "all who send you such reports have agreed. What people report is always confirmed by them first."
    ),
    "pass_on_to": (
        "The mailbox to which reports go that are about no item (scans, floods, spam, open services): each "
        "unchanged, attached to a letter. Empty: they wait at the desk, unless 'pass_on_command' is set."
    ),
    "pass_on_command": (
        "A program of yours that gets such reports in the place of a mailbox: each unchanged, on its "
        "standard input. It ends with 0 when it has it, with 75 to be asked again later. Empty: none."
    ),
    "services": (
        "Mastodon servers and Discourse forums of yours, one line for each: their reports become notices, "
        "and a Mastodon server is told what was decided. For example: "
        '{ name = "social", kind = "mastodon", url = "https://social.example.org", '
        'secret_file = "social.secret", token_file = "social.token" }. docs/fediverse.md and '
        "docs/discourse.md say what else a line can have."
    ),
    "flag_inbox": (
        "true takes reports from servers of the fediverse (ActivityPub's Flag) at /ap/inbox. Those of "
        "servers that are not listed in 'flag_servers' wait for a person, since nobody checks who sent them."
    ),
    "flag_servers": (
        "Servers of the fediverse whose signatures are checked, one line for each: "
        '{ host = "social.example.org" } asks that server for its keys, { host = "social.example.org", '
        'key_file = "social.pem" } never asks. No other server is ever asked.'
    ),
    "evidence_mb": (
        "Megabytes that one file may have that comes with a notice (pictures, PDF, texts). Never taken, "
        "whatever stands here: files with notices about intimate pictures and about children."
    ),
    "evidence_count": "How many files may come with one notice, 20 at most. 0: none, at any door.",
    "evidence_notice_mb": "Megabytes that all files of one notice may have together, 50 at most.",
    "mail_original_days": (
        "Days after which a mail that is not a notice is kept only in words: the mail as it came in, with "
        "what was attached, is erased. Its length and hash stay. Pictures in mail are never shown."
    ),
    "clamd": (
        "A virus check of yours that each file is shown to first: 'unix:/run/clamav/clamd.ctl', or "
        "'127.0.0.1:3310'. What it finds something in is opened by nobody; while it cannot be reached, files "
        "wait. Empty: no such check."
    ),
    "quick_exit_url": "Where the quick exit leads: a page that nobody asks questions about.",
    "helplines": (
        "Helplines shown to people in distress, one line for each, for example: "
        '{ name = "Name", country = "DE", contact = "number or address", url = "https://example.org/", '
        'note = "when it is open" }'
    ),
    "second_factor": (
        "'required': whoever sees what people wrote in confidence, and every administrator, sets up a "
        "passkey or an app for codes before anything else. It holds once base_url is not this machine. "
        "'offered': everybody may, nobody must."
    ),
    "staff_change_hours": (
        "Changes of accounts and roles need two administrators. Where there is only one, a change takes "
        "effect after so many hours, and can be stopped until then."
    ),
    "identity_providers": (
        "Where people who work here can sign in besides (OpenID Connect), one line for each: "
        '{ name = "office", label = "Office account", url = "https://id.example.org", client_id = "...", '
        'secret_file = "/path/to/secret" }. Nobody gets an account by it: each is linked first. '
        "docs/sign-in.md says how."
    ),
    "emergency_contacts": (
        "E-mail addresses of the people on duty, in order: the first is told when somebody says that a "
        "life is in danger, the next one after emergency_minutes, until one of them says at the desk that "
        "they look after it (Digital Services Act, article 18). They are told that they are waited for, "
        "never why."
    ),
    "emergency_minutes": "Minutes until the next person on duty is told.",
    "emergency_command": (
        "A program that is started for each alert, without a shell, for example to ring a telephone. It "
        "finds FAIRNOTICE_REFERENCE and FAIRNOTICE_LINK in its environment and learns nothing else. "
        "Empty: none."
    ),
    "access_log_months": (
        "For how many months is kept who at the desk opened what: 3 to 12. It is a record about your staff."
    ),
    "statements_send": (
        "true sends each statement of reasons to the DSA Transparency Database (article 24(5)), once its "
        "measure is in force. What looks like personal data waits for a person first. "
        "docs/statements-sending.md."
    ),
    "statements_url": (
        "The address of its API, as the Commission gave it to you, up to /api/v1 and without a slash at the "
        "end. Nothing is sent to any other."
    ),
    "statements_database": (
        "'sandbox' or 'production': which of the two that address is. What was sent to one is not in the "
        "other, and each has a token of its own."
    ),
    "statements_token_file": (
        "A file that holds the token for it and nothing else; none stands in here. 'credential:NAME': a "
        "credential that systemd hands over."
    ),
    "statements_since": (
        "Only decisions from this day on are sent, such as 2026-01-31: those from before you sent in another "
        "way. Empty: all."
    ),
    "operator_report_mail": (
        "Addresses of yours that get a short report each week: what came in, what was decided, what waits. "
        "Empty: it stands at the desk alone."
    ),
    "subscriptions_per_hour": (
        "How many letters may go out within an hour that ask somebody whether they want the monthly report; "
        "one address gets at most one a day. 0: nobody can subscribe by mail, and the feed is left."
    ),
    "observatory_store": (
        "The folder into which 'fairnotice observatory ingest' reads the EU's published statements of "
        "reasons. Where it holds any, everybody can see pages about them at /observatory/. Empty: no pages."
    ),
    "small_team": (
        "true where one person runs all of this. Decisions that nobody else looked at are then marked so in "
        "public, and a measure on an account or a service lapses after 72 hours unless a second person "
        "confirms it."
    ),
}

_HEAD = """\
# Settings of Fair Notice. This file is yours: nothing rewrites it.
# `fairnotice check` says what is wrong in it and how to mend it. Restart `fairnotice serve` after a change.
"""


def render(config: Config) -> str:
    """The whole file as text; `config.load` reads the same values back."""
    parts = [_HEAD]
    for field in fields(Config):
        comment = "\n".join(f"# {line}" for line in _lines(EXPLAINED[field.name]))
        parts.append(f"{comment}\n{field.name} = {_toml(getattr(config, field.name))}\n")
    return "\n".join(parts)


def _lines(text: str, width: int = 98) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # A JSON string is a TOML basic string, save for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + " }"
    return "[" + ", ".join(_toml(item) for item in value) + "]"
