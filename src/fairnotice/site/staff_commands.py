"""`fairnotice user`: accounts and roles, for the first administrator and for emergencies.

Whoever has a shell owns the machine: nobody confirms here. Each command is an event like any other.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.accounts.models import User
    from fairnotice.site.commands import Subparsers


def add_parser(verbs: Subparsers) -> None:
    """Add `user` with its commands."""
    from fairnotice.cases.permissions import ROLES

    user = verbs.add_parser("user", help="accounts and roles of the people who work here")
    acts = user.add_subparsers(dest="act", required=True, metavar="COMMAND")
    all_roles = f"one of: {', '.join(ROLES)}; may be repeated"

    act = acts.add_parser("add", help="open an account; prints its password once")
    act.add_argument("name", metavar="NAME", help="the sign-in name")
    act.add_argument("--role", action="append", default=[], choices=ROLES, metavar="ROLE", help=all_roles)
    act.set_defaults(run=add)

    act = acts.add_parser("list", help="show all accounts with their roles")
    act.set_defaults(run=list_users)

    act = acts.add_parser("roles", help="give or take roles")
    act.add_argument("name", metavar="NAME")
    act.add_argument("--give", action="append", default=[], choices=ROLES, metavar="ROLE", help=all_roles)
    act.add_argument("--take", action="append", default=[], choices=ROLES, metavar="ROLE", help=all_roles)
    act.set_defaults(run=roles)

    act = acts.add_parser("password", help="set a fresh password and print it once; ends all sessions")
    act.add_argument("name", metavar="NAME")
    act.set_defaults(run=password)

    act = acts.add_parser(
        "second-factor", help="take away all second factors; the person sets up a new one; ends all sessions"
    )
    act.add_argument("name", metavar="NAME")
    act.set_defaults(run=second_factor)

    act = acts.add_parser("link", help="let an account sign in by an identity provider of the settings")
    act.add_argument("name", metavar="NAME")
    act.add_argument("provider", metavar="PROVIDER", help="its name in fairnotice.toml")
    act.add_argument("subject", metavar="SUBJECT", help="the provider's lasting id of that person ('sub')")
    act.set_defaults(run=link)

    act = acts.add_parser("unlink", help="end that")
    act.add_argument("name", metavar="NAME")
    act.add_argument("provider", metavar="PROVIDER")
    act.set_defaults(run=unlink)

    act = acts.add_parser("close", help="close an account; what it decided stays")
    act.add_argument("name", metavar="NAME")
    act.set_defaults(run=close)


def add(args: argparse.Namespace) -> int:
    """`fairnotice user add`."""
    from fairnotice.accounts.actions import add_user

    user, secret = add_user(username=args.name, roles=args.role)
    print(f"Sign-in name: {user.username}")
    print(f"Roles: {_words(user)}")
    print(f"Password (shown only now): {secret}")
    return DONE


def list_users(args: argparse.Namespace) -> int:
    """`fairnotice user list`."""
    from fairnotice.accounts.models import User

    for user in User.objects.order_by("username"):
        print(f"{user.username}: {_words(user)}{'' if user.is_active else ' (closed)'}")
    return DONE


def roles(args: argparse.Namespace) -> int:
    """`fairnotice user roles`."""
    from fairnotice.accounts.actions import grant_roles, revoke_roles

    user = _find(args.name)
    if user is None:
        return _nobody(args.name)
    if args.give:
        grant_roles(user=user, roles=args.give)
    if args.take:
        revoke_roles(user=user, roles=args.take)
    print(f"{user.username}: {_words(user)}")
    return DONE


def password(args: argparse.Namespace) -> int:
    """`fairnotice user password`."""
    from fairnotice.accounts.actions import renew_password

    user = _find(args.name)
    if user is None:
        return _nobody(args.name)
    print(f"Password (shown only now): {renew_password(user=user)}")
    return DONE


def close(args: argparse.Namespace) -> int:
    """`fairnotice user close`."""
    from fairnotice.accounts.actions import close_account

    user = _find(args.name)
    if user is None:
        return _nobody(args.name)
    done = close_account(user=user)
    print(f"{user.username}: closed." if done else f"{user.username}: was closed already.")
    return DONE


def second_factor(args: argparse.Namespace) -> int:
    """`fairnotice user second-factor`."""
    from fairnotice.accounts.actions import reset_factor

    user = _find(args.name)
    if user is None:
        return _nobody(args.name)
    gone = reset_factor(user=user)
    print(f"{user.username}: its second factor is gone." if gone else f"{user.username}: had none.")
    return DONE


def link(args: argparse.Namespace) -> int:
    """`fairnotice user link`."""
    from fairnotice.accounts import linking
    from fairnotice.accounts.by_provider import subject_hash

    user = _find(args.name)
    if user is None:
        return _nobody(args.name)
    linking.link(user=user, provider=args.provider, uid=subject_hash(args.provider, args.subject))
    print(f"{user.username}: signs in by {args.provider} from now on.")
    return DONE


def unlink(args: argparse.Namespace) -> int:
    """`fairnotice user unlink`."""
    from fairnotice.accounts import linking

    user = _find(args.name)
    if user is None:
        return _nobody(args.name)
    done = linking.unlink(user=user, provider=args.provider)
    print(f"{user.username}: {'unlinked' if done else 'was not linked there'}.")
    return DONE


def _find(name: str) -> User | None:
    from fairnotice.accounts.models import User

    return User.objects.filter(username=name).first()


def _nobody(name: str) -> int:
    return say(f"There is no account '{name}'. See: fairnotice user list", WRONG)


def _words(user: User) -> str:
    return ", ".join(sorted(user.role_names)) or "no role"
