"""Who may do what: the one table of roles, verbs and pages.

`ACTIONS` is asked by every action, `ROUTES` by the middleware for every page. A route that is not listed is
refused, and a test walks all of both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Not Django's: the command line reads this table before a data folder is chosen, and `verify` without Django.
from fairnotice.law.words import gettext_noop

REVIEWER = "reviewer"
SENIOR = "senior_reviewer"
APPEALS = "appeals_reviewer"
PUBLISHER = "publisher"
ADMIN = "administrator"
AUDITOR = "auditor"
ROLES = (REVIEWER, SENIOR, APPEALS, PUBLISHER, ADMIN, AUDITOR)
ROLE_WORDS = {
    REVIEWER: gettext_noop("reviewer"),
    SENIOR: gettext_noop("senior reviewer"),
    APPEALS: gettext_noop("appeals reviewer"),
    PUBLISHER: gettext_noop("publisher"),
    ADMIN: gettext_noop("administrator"),
    AUDITOR: gettext_noop("auditor"),
}

# Verb of an action -> roles that may do it. What the public does (submit, appeal, withdraw) is not here: it
# asks for a code, not for a role.
ACTIONS: dict[str, frozenset[str]] = {
    "claim": frozenset({REVIEWER, SENIOR}),
    "release": frozenset({REVIEWER, SENIOR}),
    "decide": frozenset({REVIEWER, SENIOR}),
    "confirm": frozenset({SENIOR}),
    "inform": frozenset({REVIEWER, SENIOR, APPEALS}),
    "report_effect": frozenset({REVIEWER, SENIOR, APPEALS}),
    "review_measure": frozenset({REVIEWER, SENIOR}),
    "answer_sender": frozenset({REVIEWER, SENIOR}),
    "mark_involved": frozenset({REVIEWER, SENIOR, APPEALS, ADMIN}),
    "claim_appeal": frozenset({APPEALS}),
    "decide_appeal": frozenset({APPEALS}),
    "approve_publication": frozenset({PUBLISHER}),
    "withhold_publication": frozenset({PUBLISHER}),
    # The words that leave for the EU database are words of a decision.
    "file_statements": frozenset({REVIEWER, SENIOR}),
    "publish_rules": frozenset({ADMIN}),
    # Whoever writes and builds a transparency report does not publish it.
    "edit_report": frozenset({SENIOR, ADMIN}),
    "publish_report": frozenset({PUBLISHER, ADMIN}),
    "forward": frozenset({REVIEWER, SENIOR}),
    "settle_received": frozenset({REVIEWER, SENIOR}),
    # A table fills the queue by the thousand, and shows what many people wrote.
    "table": frozenset({SENIOR}),
    "edit_network": frozenset({ADMIN}),
    "resend": frozenset({SENIOR, ADMIN}),
    "edit_clients": frozenset({ADMIN}),
    # Erasing outside the schedule and holding back from it: two people each, named in the log.
    "erase": frozenset({SENIOR, APPEALS}),
    "retention": frozenset({SENIOR, ADMIN}),
    "edit_staff": frozenset({ADMIN}),
    "see_staff": frozenset({ADMIN, AUDITOR}),
    "see_sealed": frozenset({REVIEWER, SENIOR, APPEALS}),
    "see_desk": frozenset(ROLES),
    # Who opened what. It shows no sealed field, and those who open them do not look after it.
    "see_openings": frozenset({ADMIN, AUDITOR}),
    # What one person alone may not do. Each verb says besides who of these may (`actions.two_people`).
    "propose": frozenset({REVIEWER, SENIOR, APPEALS, ADMIN}),
    "second_proposal": frozenset({REVIEWER, SENIOR, APPEALS, ADMIN}),
    "handle_emergency": frozenset({REVIEWER, SENIOR, APPEALS}),
    "edit_involved": frozenset({ADMIN}),
}

PUBLIC = "public"  # everybody
CODE = "code"  # everybody; the page itself asks for a receipt code and shows nothing without one
SIGNED_IN = "signed in"  # any account

_DESK = ACTIONS["see_desk"]
_SEALED = ACTIONS["see_sealed"]

# URL name -> PUBLIC, CODE, SIGNED_IN, or the roles that may open it.
ROUTES: dict[str, str | frozenset[str]] = {
    # site
    "home": PUBLIC,
    "about": PUBLIC,
    "healthz": PUBLIC,
    # ledger
    "log": PUBLIC,
    "log-year": PUBLIC,
    "log-check": PUBLIC,
    "log-checkpoint": PUBLIC,
    "log-tile": PUBLIC,
    "log-vkey": PUBLIC,
    "log-promise-vkey": PUBLIC,
    "log-policy": PUBLIC,
    "log-event": PUBLIC,
    "log-retention": PUBLIC,
    # the log from before there was one for each year, at its old address
    "log-first-checkpoint": PUBLIC,
    "log-first-tile": PUBLIC,
    "log-first-vkey": PUBLIC,
    # who is answerable, for programs: what is public of it
    "rdap": PUBLIC,
    "rdap-help": PUBLIC,
    "rdap-ip": PUBLIC,
    "rdap-autnum": PUBLIC,
    "rdap-domain": PUBLIC,
    "rdap-nameserver": PUBLIC,
    "rdap-entity": PUBLIC,
    "rdap-history-ip": PUBLIC,
    "rdap-history-autnum": PUBLIC,
    "rdap-history-domain": PUBLIC,
    "rdap-history-nameserver": PUBLIC,
    "rdap-history-entity": PUBLIC,
    "rdap-bootstrap": PUBLIC,
    "rdap-search": PUBLIC,
    "rdap-unknown": PUBLIC,
    # reports
    "reports-check": PUBLIC,
    "reports-check-result": PUBLIC,
    # intake
    "notice-new": PUBLIC,
    "notice-review": PUBLIC,
    "notice-send": PUBLIC,
    "notice-challenge": PUBLIC,
    "well-known": PUBLIC,
    "api-docs": PUBLIC,
    "api-1:openapi-json": PUBLIC,
    "api-1:submit-notice": PUBLIC,
    "api-1:report-effect": PUBLIC,
    "api-1:submit-report": PUBLIC,
    "api-1:waiting-measures": PUBLIC,
    # these three ask for a token of their own
    "api-1:take-forward": PUBLIC,
    "api-1:answer-forward": PUBLIC,
    "api-1:forward-state": PUBLIC,
    # other platforms; each delivery carries a signature of its own
    "hook-mastodon": PUBLIC,
    "hook-discourse": PUBLIC,
    "ap-inbox": PUBLIC,
    "ap-actor": PUBLIC,
    "ap-webfinger": PUBLIC,
    # recourse
    "recourse-enter": CODE,
    "recourse-view": CODE,
    "recourse-statement": CODE,
    "recourse-appeal": CODE,
    "recourse-withdraw": CODE,
    "recourse-receipt": CODE,
    "recourse-data": CODE,
    "recourse-data-copy": CODE,
    "recourse-leave": CODE,
    "recourse-forward": CODE,
    "recourse-evidence": CODE,
    "forward-answer": PUBLIC,  # behind the token of a letter to the organisation that is asked
    # register
    "register-list": PUBLIC,
    "register-list-json": PUBLIC,
    "register-entry": PUBLIC,
    "register-entry-json": PUBLIC,
    "register-proof": PUBLIC,
    "what-is-kept": PUBLIC,
    "statistics": PUBLIC,
    "statistics-subject": PUBLIC,
    "statistics-json": PUBLIC,
    "statistics-csv": PUBLIC,
    # what other platforms report, where this site has read it in
    "observatory": PUBLIC,
    "observatory-topic": PUBLIC,
    "observatory-json": PUBLIC,
    "observatory-csv": PUBLIC,
    "observatory-compare": PUBLIC,
    "observatory-compare-json": PUBLIC,
    "observatory-compare-csv": PUBLIC,
    "rules": PUBLIC,
    "rules-version": PUBLIC,
    # reports
    "reports-feed": PUBLIC,
    "reports-month": PUBLIC,
    "reports-subscribe": PUBLIC,
    "reports-subscription": PUBLIC,  # behind the link of a letter to whoever subscribed
    # reports: every published version, and the counts of each month
    "reports": PUBLIC,
    "report": PUBLIC,
    "report-zip": PUBLIC,
    "report-file": PUBLIC,
    "tallies": PUBLIC,
    "tallies-zip": PUBLIC,
    "tally": PUBLIC,
    "tally-proof": PUBLIC,
    # accounts
    "account_login": PUBLIC,
    "account_logout": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account-sign-ins": SIGNED_IN,
    "account-sign-in-end": SIGNED_IN,
    "account-change-stop": SIGNED_IN,  # of what is about one's own account
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": PUBLIC,  # after the password, before anybody is signed in
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "account-totp-picture": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "account-unlink": SIGNED_IN,
    # accounts and roles, changed by two people
    "desk-staff": ACTIONS["see_staff"],
    "desk-staff-propose": ACTIONS["edit_staff"],
    "desk-staff-confirm": ACTIONS["edit_staff"],
    "desk-staff-stop": ACTIONS["see_staff"],
    "desk-staff-password": ACTIONS["edit_staff"],
    "desk-staff-sign-out": ACTIONS["edit_staff"],
    # the desk
    "desk": _DESK,
    "desk-case": _DESK,
    "desk-purpose": _SEALED,
    "desk-openings": ACTIONS["see_openings"],
    "desk-openings-csv": ACTIONS["see_openings"],
    "desk-proposals": ACTIONS["propose"],
    "desk-propose": ACTIONS["propose"],
    "desk-proposal-answer": ACTIONS["second_proposal"],
    "desk-proposal-written": _SEALED,
    "desk-emergencies": ACTIONS["handle_emergency"],
    "desk-emergency": ACTIONS["handle_emergency"],
    "desk-emergency-acknowledge": ACTIONS["handle_emergency"],
    "desk-emergency-assess": ACTIONS["handle_emergency"],
    "desk-trust": ACTIONS["edit_involved"],
    "desk-trust-add": ACTIONS["edit_involved"],
    "desk-trust-end": ACTIONS["edit_involved"],
    "desk-claim": ACTIONS["claim"],
    "desk-release": ACTIONS["release"],
    "desk-involved": ACTIONS["mark_involved"],
    "desk-answer-sender": ACTIONS["answer_sender"],
    "desk-decide": ACTIONS["decide"],
    "desk-evidence": _SEALED,
    "desk-evidence-picture": _SEALED,
    "desk-evidence-original": _SEALED,
    "desk-messages": _SEALED,
    "desk-messages-several": ACTIONS["settle_received"],
    "desk-message": _SEALED,
    "desk-message-take": ACTIONS["settle_received"],
    "desk-message-dismiss": ACTIONS["settle_received"],
    "desk-message-release": ACTIONS["settle_received"],
    "desk-message-needs-nothing": ACTIONS["settle_received"],
    "desk-ways-in": _DESK,
    "desk-seconds": _DESK,
    "desk-confirm": ACTIONS["confirm"],
    "desk-retention": _DESK,
    "desk-retention-clock": ACTIONS["retention"],
    "desk-hold-end": ACTIONS["retention"],
    "desk-erasure": ACTIONS["erase"],
    "desk-statements": _DESK,
    "desk-inform": ACTIONS["inform"],
    "desk-letter": ACTIONS["inform"],
    "desk-measures": _DESK,
    "desk-effect": ACTIONS["report_effect"],
    "desk-review": ACTIONS["review_measure"],
    "desk-appeals": _DESK,
    "desk-appeal": _DESK,
    "desk-appeal-claim": ACTIONS["claim_appeal"],
    "desk-appeal-decide": ACTIONS["decide_appeal"],
    "desk-publications": _DESK,
    "desk-publication": _DESK,
    "desk-publication-approve": ACTIONS["approve_publication"],
    "desk-publication-withhold": ACTIONS["withhold_publication"],
    "desk-filings": _DESK,
    "desk-filings-on": ACTIONS["resend"],
    "desk-filing": _SEALED,
    "desk-filing-release": ACTIONS["file_statements"],
    "desk-weekly": _DESK,
    "desk-forwards": _SEALED,
    "desk-forward-remind": ACTIONS["forward"],
    "desk-forward-stop": ACTIONS["forward"],
    "desk-forward-answer": ACTIONS["forward"],
    "desk-item-customer": ACTIONS["forward"],
    "desk-letter-handled": ACTIONS["forward"],
    "desk-outgoing": ACTIONS["resend"],
    "desk-outgoing-resend": ACTIONS["resend"],
    "desk-outgoing-away": ACTIONS["resend"],
    "desk-lookup": _SEALED,
    # who is answerable: everybody at the desk reads, an administrator writes
    "desk-network": _DESK,
    "desk-network-csv": _DESK,
    "desk-network-check": _DESK,
    "desk-network-check-csv": _DESK,
    "desk-network-report": _DESK,
    "desk-resource": _DESK,
    "desk-organisations": _DESK,
    "desk-organisation": _DESK,
    "desk-organisation-add": ACTIONS["edit_network"],
    "desk-organisation-rename": ACTIONS["edit_network"],
    "desk-contact-add": ACTIONS["edit_network"],
    "desk-contact-end": ACTIONS["edit_network"],
    "desk-contact-mark": ACTIONS["edit_network"],
    "desk-delegation": _DESK,
    "desk-delegation-add": ACTIONS["edit_network"],
    "desk-delegation-give-back": ACTIONS["edit_network"],
    "desk-delegation-correct": ACTIONS["edit_network"],
    "desk-delegation-retract": ACTIONS["edit_network"],
    # tables of notices
    # organisations and programs with tokens, trusted flaggers among them
    "desk-clients": _DESK,
    "desk-client": _DESK,
    "desk-client-add": ACTIONS["edit_clients"],
    "desk-client-close": ACTIONS["edit_clients"],
    "desk-token-add": ACTIONS["edit_clients"],
    "desk-token-rotate": ACTIONS["edit_clients"],
    "desk-token-revoke": ACTIONS["edit_clients"],
    "desk-trusted-record": ACTIONS["edit_clients"],
    "desk-trusted-end": ACTIONS["edit_clients"],
    "desk-tables": ACTIONS["table"],
    "desk-table-run": ACTIONS["table"],
    "desk-table-start": ACTIONS["table"],
    "desk-table-act": ACTIONS["table"],
    "desk-table-errors": ACTIONS["table"],
    # exact, but of nobody: everybody at the desk sees how much there is
    "desk-statistics": _DESK,
    "desk-statistics-subject": _DESK,
    "desk-statistics-table": _DESK,
    # transparency reports: whoever reads the desk reads them; writing and publishing are two verbs
    "desk-reports": _DESK,
    "desk-report": _DESK,
    "desk-report-build": ACTIONS["edit_report"],
    "desk-report-drop": ACTIONS["edit_report"],
    "desk-report-publish": ACTIONS["publish_report"],
    "desk-report-texts": _DESK,
    "desk-report-text": ACTIONS["edit_report"],
    "desk-rules": _DESK,
    "desk-rules-publish": ACTIONS["publish_rules"],
}


class Forbidden(Exception):
    """This person's roles do not allow this; the message says which role does."""


@dataclass(frozen=True)
class Actor:
    """Who acts: the id and roles of an account. Actions take this and never see a request."""

    user_id: int
    roles: frozenset[str] = field(default_factory=frozenset)


def require(actor: Actor, verb: str) -> None:
    """Refuse unless one of the actor's roles may do the verb. Raises Forbidden."""
    allowed = ACTIONS[verb]
    if not actor.roles & allowed:
        from django.utils.translation import gettext as _

        names = _(" or ").join(_(ROLE_WORDS[role]) for role in ROLES if role in allowed)
        raise Forbidden(_("This needs the role %(names)s.") % {"names": names})
