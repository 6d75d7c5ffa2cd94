"""The command `fairnotice`. Exit status: 0 done, 1 not done or something is wrong, 2 cannot be used so."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Container, Sequence
from pathlib import Path

from fairnotice import __version__
from fairnotice.intake.letterbox.listen import DEFAULT
from fairnotice.site import (
    backup_commands,
    client_commands,
    commands,
    forward_commands,
    intake_commands,
    keys_commands,
    log_commands,
    observatory,
    report_build_commands,
    report_commands,
    retention_commands,
    staff_commands,
    statement_commands,
    table_commands,
)

DONE, WRONG, UNUSABLE = commands.DONE, commands.WRONG, commands.UNUSABLE

_DATA_HELP = "the data folder (otherwise FAIRNOTICE_DATA, otherwise var/data); may stand anywhere"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. What a person got wrong is one clear line on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    # `--data` is taken out first, so that it may stand before or after any subcommand.
    data = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    data.add_argument("--data", type=Path, metavar="DIR", default=None, help=_DATA_HELP)
    chosen, rest = data.parse_known_args(words)
    try:
        args = _parser_for(rest, data).parse_args(rest)
    except SystemExit as stop:
        if stop.code and rest[:2] == ["intake", "pipe"]:
            # A mail server would send a letter back for any other status: a slip in its set-up is mended, and
            # the letter comes again.
            return intake_commands.TRY_AGAIN
        raise
    args.data = chosen.data
    try:
        return commands.guarded(args)
    except BrokenPipeError:
        # Whoever read our output (`| head`) has seen enough.
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return WRONG


def _parser_for(words: Sequence[str], data: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The parser for these words. For most commands it is one without those of the log, which take longest to
    import."""
    without = _parser(data, log_too=False)
    return without if words and words[0] in _verbs(without) else _parser(data)


def _verbs(parser: argparse.ArgumentParser) -> Container[str]:
    """The names of its commands."""
    found: Container[str] = next(
        action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    return found


def _parser(data: argparse.ArgumentParser, *, log_too: bool = True) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fairnotice",
        description="Notices about illegal content: reasoned, appealable, publicly provable decisions.",
        parents=[data],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"Fair Notice {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    verb = verbs.add_parser("init", help="make a data folder, or bring one up to this version")
    verb.set_defaults(run=commands.init, needs="nothing")

    verb = verbs.add_parser("serve", help="run the site and the runner on this machine")
    verb.add_argument("--host", default="127.0.0.1", help="an address of this machine (default: 127.0.0.1)")
    verb.add_argument("--port", type=_port, default=8000, help="default: 8000")
    verb.add_argument(
        "--lmtp",
        nargs="?",
        const=DEFAULT,
        metavar="WHERE",
        help=f"take mail over LMTP at HOST:PORT (default: {DEFAULT}) or unix:/path/socket; without this, the "
        "setting lmtp_listen counts",
    )
    verb.set_defaults(run=commands.serve, needs="nothing")

    verb = verbs.add_parser("check", help="say what is misconfigured and how to mend it")
    verb.set_defaults(run=commands.check, needs="nothing")

    staff_commands.add_parser(verbs)
    _add_notice(verbs)

    from fairnotice.answerable.commands import add_parser as add_answerable

    add_answerable(verbs)

    from fairnotice.answerable.network_commands import add_parser as add_network

    add_network(verbs)

    if log_too:
        from fairnotice.translog.commands import prove, verify

        for command in (verify, prove):
            verb = command.add_parser(verbs)
            verb.set_defaults(run=commands.of_the_log, command_run=command.run, needs="nothing")

    forward_commands.add_parser(verbs)
    table_commands.add_parser(intake_commands.add_parser(verbs))

    log = _group(verbs, "log", "the transparency log")
    log_commands.add_parser(log)

    backup_commands.add_parser(verbs)
    keys_commands.add_parser(_group(verbs, "keys", "the master key"))

    rules = _group(verbs, "rules", "the rules that decisions cite")
    verb = rules.add_parser("publish", help="publish a new version of the rules from a file")
    verb.add_argument("file", type=Path, metavar="FILE", help="a line '## 3.2 Title' begins a clause")
    verb.add_argument("--note", default="", help="what is new, for the people who read the rules")
    verb.set_defaults(run=commands.rules_publish)

    register = _group(verbs, "register", "the public register")
    verb = register.add_parser("publish", help="publish the approved entries now, not with the next batch")
    verb.set_defaults(run=commands.register_publish)

    statement_commands.add_parser(verbs)
    report_build_commands.add_parser(report_commands.add_parser(verbs))
    client_commands.add_parser(verbs)
    observatory.add_parser(verbs)
    retention_commands.add_parser(verbs)
    return parser


def _add_notice(verbs: commands.Subparsers) -> None:
    notice = _group(verbs, "notice", "notices")
    verb = notice.add_parser("submit", help="submit a notice from a file, as if through the form")
    verb.add_argument("file", type=Path, metavar="FILE", help="our JSON, an XARF report, or another format")
    verb.add_argument("--receipt", type=Path, metavar="FILE", help="write the receipt with its promise here")
    verb.set_defaults(run=commands.notice_submit)


def _group(verbs: commands.Subparsers, name: str, help_text: str) -> commands.Subparsers:
    parser = verbs.add_parser(name, help=help_text)
    group: commands.Subparsers = parser.add_subparsers(dest="act", required=True, metavar="COMMAND")
    return group


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port: a number from 1 to 65535")
    return int(text)
