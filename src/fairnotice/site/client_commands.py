"""`fairnotice client ...` and `fairnotice token ...`: organisations and programs, and what lets them in."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from fairnotice.law.scopes import EFFECTS, FORWARDS, SCOPES
from fairnotice.site.commands import DONE

if TYPE_CHECKING:
    from fairnotice.cases.models import ApiClient, ApiToken
    from fairnotice.site.commands import Subparsers

GRACE_DAYS = 7


def add_parser(verbs: Subparsers) -> None:
    """Add both groups to the command line."""
    group = verbs.add_parser("client", help="organisations and programs that have tokens")
    clients: Subparsers = group.add_subparsers(dest="act", required=True, metavar="COMMAND")
    verb = clients.add_parser("add", help="add one")
    verb.add_argument("label", metavar="LABEL", help="which organisation or program it is; never a person")
    verb.set_defaults(run=client_add)
    verb = clients.add_parser("list", help="show all of them, and how many tokens work")
    verb.set_defaults(run=client_list)
    verb = clients.add_parser("close", help="close one for good: all its tokens stop working")
    verb.add_argument("who", metavar="CLIENT", help="its label or reference")
    verb.set_defaults(run=client_close)

    group = verbs.add_parser("token", help="keys for programs, each for what its scopes say")
    tokens: Subparsers = group.add_subparsers(dest="act", required=True, metavar="COMMAND")
    verb = tokens.add_parser("add", help="make one and show it once")
    verb.add_argument(
        "label", metavar="LABEL", nargs="?", help="the client, which is added where there is none yet"
    )
    verb.add_argument("--client", metavar="CLIENT", help="one that is there, by its label or reference")
    what = verb.add_mutually_exclusive_group()
    what.add_argument(
        "--scopes", type=_scopes, metavar="LIST", help=f"what it is for, with commas: {', '.join(SCOPES)}"
    )
    what.add_argument(
        "--for",
        dest="purpose",
        choices=(EFFECTS, FORWARDS),
        help="one scope. effects: it reports that a measure took effect; forwards: another organisation "
        "forwards notices here and answers yours (default: effects)",
    )
    verb.add_argument("--expires", type=_day, metavar="DAY", help="its last day, as 2026-12-31")
    verb.set_defaults(run=token_add)
    verb = tokens.add_parser("list", help="show all tokens with their days, never a token")
    verb.set_defaults(run=token_list)
    verb = tokens.add_parser("rotate", help="make a new one beside an old one, and show it once")
    verb.add_argument("which", metavar="TOKEN", help="the reference that `token list` shows")
    verb.add_argument(
        "--grace",
        type=int,
        default=GRACE_DAYS,
        metavar="DAYS",
        help=f"how long the old one goes on (default: {GRACE_DAYS}; 0: it ends now)",
    )
    verb.add_argument("--expires", type=_day, metavar="DAY", help="the last day of the new one")
    verb.set_defaults(run=token_rotate)
    verb = tokens.add_parser("revoke", help="make one token, or all of a client, stop working now")
    verb.add_argument("which", metavar="WHICH", help="a token's reference, or a client's label or reference")
    verb.set_defaults(run=token_revoke)


def client_add(args: argparse.Namespace) -> int:
    """`fairnotice client add`."""
    from fairnotice.cases.actions.clients import add_client

    print(f"Client: {add_client(label=args.label).ref}")
    return DONE


def client_list(args: argparse.Namespace) -> int:
    """`fairnotice client list`."""
    from fairnotice.cases.queries.clients import listed

    for row in listed():
        end = f" (closed {row.client.closed_at:%Y-%m-%d})" if row.client.closed_at else ""
        flagger = ", a trusted flagger" if row.status else ""
        print(f"{row.client.ref}  {row.client.label}{flagger}: tokens in force {row.tokens}{end}")
    return DONE


def client_close(args: argparse.Namespace) -> int:
    """`fairnotice client close`."""
    from fairnotice.cases.actions.clients import close_client
    from fairnotice.cases.clients import client_named

    client = close_client(client_ref=client_named(args.who).ref)
    print(f"Closed: {client.label}. All its tokens have stopped working.")
    return DONE


def token_add(args: argparse.Namespace) -> int:
    """`fairnotice token add`."""
    from fairnotice.cases.actions.tokens import add_token

    scopes = args.scopes or [args.purpose or EFFECTS]
    made = add_token(client_ref=_whose(args).ref, scopes=scopes, last_day=args.expires)
    print(f"Token (shown only now): {made.text}")
    return DONE


def token_list(args: argparse.Namespace) -> int:
    """`fairnotice token list`."""
    from fairnotice.cases.models import ApiToken

    rows = ApiToken.objects.select_related("client").prefetch_related("scope_rows")
    for token in rows.order_by("created_at", "id"):
        print(f"{token.client.label}: for {', '.join(token.scopes)}, {_days(token)}")
    return DONE


def token_rotate(args: argparse.Namespace) -> int:
    """`fairnotice token rotate`."""
    from fairnotice.cases.actions.tokens import rotate_token

    made = rotate_token(token_ref=args.which, grace_days=args.grace, last_day=args.expires)
    old = made.token.replaces
    print(f"Token (shown only now): {made.text}")
    if old is not None and old.expires_at is not None:
        print(f"The old one works until {old.expires_at:%Y-%m-%d %H:%M} UTC.")
    return DONE


def token_revoke(args: argparse.Namespace) -> int:
    """`fairnotice token revoke`."""
    from fairnotice.cases.actions.tokens import revoke_tokens
    from fairnotice.cases.clients import client_named
    from fairnotice.cases.models import ApiToken

    token = ApiToken.objects.select_related("client").filter(ref=args.which.strip()).first()
    client = token.client if token else client_named(args.which)
    print(f"Revoked: {revoke_tokens(client_ref=client.ref, token_ref=token.ref if token else '')}.")
    return DONE


def _whose(args: argparse.Namespace) -> ApiClient:
    """The client that is named; one named by a label alone is added where there is none."""
    from fairnotice.cases.actions.clients import add_client
    from fairnotice.cases.clients import client_named
    from fairnotice.cases.errors import NotFound, Refused

    if bool(args.label) == bool(args.client):
        raise Refused("Name the client once: as LABEL, or with --client.")
    try:
        return client_named(args.client or args.label)
    except NotFound:
        if args.client:
            raise
        return add_client(label=args.label)


def _days(token: ApiToken) -> str:
    said = [f"since {token.created_at:%Y-%m-%d}"]
    if token.expires_at:
        said.append(f"until {token.expires_at:%Y-%m-%d %H:%M}")
    if token.last_used_on:
        said.append(f"last used {token.last_used_on:%Y-%m-%d}")
    said.append(f"reference {token.ref}")
    end = f" (revoked {token.revoked_at:%Y-%m-%d})" if token.revoked_at else ""
    return ", ".join(said) + end


def _scopes(text: str) -> list[str]:
    wanted = [word.strip() for word in text.split(",") if word.strip()]
    unknown = sorted(set(wanted) - set(SCOPES))
    if unknown or not wanted:
        raise argparse.ArgumentTypeError(f"choose from {', '.join(SCOPES)}")
    return wanted


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-12-31") from None
