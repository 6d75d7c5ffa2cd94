"""What reaches out or looks into content needs a library for it, and there is none."""

from __future__ import annotations

import ast
import tomllib

import pytest

from tests.never import walking

# Anything that opens a connection or asks for a name, with the one place that may.
OUTWARD = {
    "requests", "httpx", "aiohttp", "urllib3", "urllib.request", "urllib.robotparser", "http.client", "httplib2",
    "pycurl", "ftplib", "poplib", "imaplib", "nntplib", "telnetlib", "xmlrpc.client", "websockets", "websocket",
    "dns", "dnspython", "aiodns", "pycares", "whois", "ipwhois", "selenium", "playwright", "asyncio.open_connection",
    "smtplib", "socket", "django.core.mail", "django.core.validators.URLValidator.verify",
}  # fmt: skip
PLACES = {
    ("delivery/ports.py", "smtplib"): "letters leave by the operator's own mail server",
    ("delivery/visit.py", "urllib3"): "asks a peer, a service or a listed server that the operator named",
    (
        "accounts/linking.py",
        "requests",
    ): "names its errors, when an identity provider of the settings is down",
    ("delivery/visit.py", "socket"): "ends that connection at its deadline",
    ("intake/letterbox/imap_link.py", "imaplib"): "the operator's own mailbox, where one is set",
    ("delivery/ports.py", "socket"): "ends a connection to the mail server at its deadline",
    ("site/serve.py", "socket"): "looks whether our own port is free before serving on it",
    ("answerable/resources.py", "socket"): "reads the text of a network address; asks nobody",
    ("translog/httpsource.py", "urllib3"): "a monitor reads the log that it is told to follow",
    ("translog/httpsource.py", "socket"): "ends a connection to a log at its deadline",
    ("answerable/snapshot/batch.py", "socket"): "reads an address from its written form, inet_pton",
    ("answerable/snapshot/quick.py", "socket"): "the same",
    ("translog/witness/serve.py", "socket"): "looks whether the witness's own port is free",
    ("translog/witness/http.py", "socket"): "ends a connection to a witness at its deadline",
    (
        "plumbing/instream.py",
        "socket",
    ): "shows a file to the operator's own virus check, on this machine alone",
    (
        "plumbing/looking/pictures.py",
        "PIL",
    ): "makes a picture anew that somebody sent, in a process with limits",
    ("plumbing/looking/worker.py", "PIL"): "looks at one picture of each kind, to be ready",
    ("translog/witness/http.py", "urllib3"): "a log asks the witnesses that its operator named to sign",
}
CALL_PLACES = {("site/serve.py", "create_connection"): "the same port"}
CALLS = {"getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo", "create_connection",
         "urlopen", "urlretrieve", "open_connection", "connect_ex"}  # fmt: skip
LOOKING = {
    "PIL", "cv2", "imagehash", "pdqhash", "photodna", "torch", "tensorflow", "transformers", "sklearn", "keras",
    "onnxruntime", "yara", "clamd", "magic", "face_recognition", "dlib", "pytesseract", "bs4", "scrapy", "openai",
}  # fmt: skip


# What stands in a file that imports or calls one of these.
WORDS = {name.rpartition(".")[2] for name in OUTWARD | LOOKING | CALLS}


def _is_within(name: str, modules: set[str]) -> str | None:
    return next((module for module in modules if name == module or name.startswith(f"{module}.")), None)


def _imports(path: str, tree: ast.Module) -> list[str]:
    found = []
    for name in walking.imported(tree):
        module = _is_within(name, OUTWARD | LOOKING)
        if module and (path, module) not in PLACES:
            found.append(f"{path}: {name}")
    return found


def _calls(path: str, tree: ast.Module) -> list[str]:
    calls = [walking.called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [f"{path}: {name}" for name in calls if name in CALLS and (path, name) not in CALL_PLACES]


def test_nothing_reaches_out_or_looks_into_content() -> None:
    """Reported addresses are never opened, their names never asked for, and content is never scanned."""
    for path, tree in walking.sources(words=WORDS):
        assert _imports(path, tree) == []
        assert _calls(path, tree) == []


def test_every_exception_is_still_needed() -> None:
    used = {
        (path, _is_within(name, OUTWARD | LOOKING))
        for path, tree in walking.sources(words=WORDS)
        for name in walking.imported(tree)
    }
    assert set(PLACES) <= used


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "import urllib.request as u",
        "from urllib import request",
        "from http.client import HTTPConnection",
        "import dns.resolver",
        "import smtplib",
        "from PIL import Image",
        "import importlib; importlib.import_module('httpx')",
    ],
)
def test_a_planted_import_is_found(line: str) -> None:
    assert _imports("intake/forms.py", ast.parse(line))


def test_a_planted_call_is_found() -> None:
    assert _calls("intake/forms.py", ast.parse("socket.getaddrinfo('example.org', 80)"))


def test_the_network_addresses_are_read_and_not_asked_for() -> None:
    """The one module that may name `socket` for reading addresses uses nothing of it that asks the network."""
    trees = dict(walking.sources(words=["inet_pton"]))
    tree = trees["answerable/resources.py"]
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "socket"
    }
    assert used <= {"inet_aton", "inet_pton", "inet_ntop", "inet_ntoa", "AF_INET", "AF_INET6"}


def test_no_such_library_is_installed_with_the_program() -> None:
    text = (walking.SOURCE.parents[1] / "pyproject.toml").read_text("utf-8")
    names = [
        line.split("~")[0].split(">")[0].strip() for line in tomllib.loads(text)["project"]["dependencies"]
    ]
    elsewhere = {module for _, module in PLACES}
    assert not {name.lower() for name in names} & {name.lower() for name in (OUTWARD | LOOKING) - elsewhere}
