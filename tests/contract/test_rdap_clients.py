"""Four RDAP clients that others wrote read what our running server says, over loopback and nothing else."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import KEY_FILE, DataFolder, _environment
from tests.site import served

ROOT = Path(__file__).resolve().parents[2]
SCENE = """
from fairnotice.site import setup
setup.prepare()
from tests.answerable.register import contact, hold, organisation
organisation("LIR-1", "Example Member", "DE")
for text in ("192.0.2.0/24", "3fff::/20", "AS64496"):
    hold(text, "LIR-1", since="2015-06-01")
hold("192.0.2.0/26", "SHOP-1", giver="LIR-1", kind="assignment", since="2020-01-01", until="2021-01-01")
hold("192.0.2.0/26", "CLUB-1", giver="LIR-1", kind="assignment", since="2022-01-01")
hold("192.0.2.0/28", "SECRET-1", giver="CLUB-1", kind="lease", since="2022-01-01", public=False)
hold("example.org", "REG-1", kind="registrar")
hold("xn--bcher-kva.example", "REG-1", kind="registrar")
hold("host.example", "LIR-1", kind="hosting")
contact("LIR-1", "abuse@lir.example")
contact("LIR-1", "noc@lir.example", role="technical")
"""


@pytest.fixture(scope="module")
def base(migrated_databases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running server that knows a few documentation networks, with a slash at the end."""
    top = tmp_path_factory.mktemp("rdap")
    path, key_file = top / "data", top / "key" / "master.key"
    path.mkdir(mode=0o700)
    key_file.parent.mkdir(mode=0o700)
    for copy in migrated_databases.values():
        shutil.copy(copy, path)
    shutil.copy(KEY_FILE, key_file)
    folder = DataFolder(path, key_file, {**os.environ, **_environment(path, top / "home")})
    port = served.free_port()
    address = f"http://127.0.0.1:{port}"
    folder.configure(base_url=address, own_organisation="LIR-1")
    done = folder.run("-c", SCENE, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(served, "free_port", lambda: port)
        with served.serving(folder):
            yield f"{address}/rdap/"


@pytest.fixture(autouse=True)
def nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine, whatever a client thinks it has to ask."""
    find, connect = socket.getaddrinfo, socket.socket.connect

    def finds(host: Any, *args: Any, **kwargs: Any) -> Any:
        assert host in ("127.0.0.1", "localhost"), host
        return find(host, *args, **kwargs)

    def connects(self: socket.socket, address: Any) -> Any:
        assert self.family == socket.AF_UNIX or address[0] == "127.0.0.1", address
        return connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", finds)
    monkeypatch.setattr(socket.socket, "connect", connects)
    monkeypatch.setenv("NO_PROXY", "*")


def file(base: str, name: str) -> dict[str, Any]:
    return requests.get(f"{base}bootstrap/{name}.json", timeout=10).json()


def test_rdap(base: str) -> None:
    from rdap import RdapClient
    from rdap.exceptions import RdapNotFoundError
    from rdap.objects import RdapHistory

    client = RdapClient(
        {
            "bootstrap_url": base,
            "self_bootstrap": True,
            "bootstrap_data_url": f"{base}bootstrap/",
            "timeout": 10,
            "recurse_roles": ["registrant", "technical"],
        }
    )
    number = client.get_asn(64496)
    assert (number.handle, number.org_name, number.emails) == (
        "AS64496", "Example Member", ["abuse@lir.example"],
    )  # fmt: skip
    network = client.get_ip("192.0.2.1")
    assert (network.handle, network.org_name) == ("192.0.2.0 - 192.0.2.63", "CLUB-1 Ltd")
    assert network.emails == ["abuse@lir.example"]
    assert network.normalized["prefix"] == "192.0.2.0/26"
    assert number.normalized["asn"] == 64496
    assert client.get_domain("www.host.example").emails == ["abuse@lir.example"]
    assert client.get_domain("bücher.example").handle == "xn--bcher-kva.example"
    assert client.get_entity("LIR-1").emails == ["abuse@lir.example", "noc@lir.example"]
    past = client.get_ip_history("192.0.2.1", rir_url=base.rstrip("/"))
    current = past.get_current_record()
    assert current is not None
    assert current.content.org_name == "CLUB-1 Ltd"
    assert [(one.applicable_from, one.applicable_until) for one in past.get_most_specific_records()] == [
        ("2022-01-01T00:00:00Z", None), ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
    ]  # fmt: skip
    assert [one.content.org_name for one in past.records] == ["CLUB-1 Ltd", "SHOP-1 Ltd", "Example Member"]
    for path, handle in (
        ("autnum/64496", "AS64496"),
        ("domain/example.org", "example.org"),
        ("entity/LIR-1", "LIR-1"),
    ):
        of = RdapHistory(client.get_data(f"{base}history/{path}"), client)
        assert of.get_current_record().content.handle == handle
    with pytest.raises(RdapNotFoundError):
        client.get_ip("198.51.100.1")


def test_whoisit(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import whoisit
    from whoisit.errors import QueryError, ResourceDoesNotExist
    from whoisit.parser import parse
    from whoisit.query import Query
    from whoisit.utils import get_session

    # It asks for all five files to be filled; ours name no domains and no tags.
    files = {name: file(base, name) for name in ("asn", "ipv4", "ipv6")}
    files["dns"] = {"services": [[["org", "example"], [base]]]}
    files["object"] = {"services": [[["contact"], ["LIR"], [base]]]}
    # Documentation addresses are private to it, and handles belong to the five registries: one of them is us.
    monkeypatch.setitem(whoisit._bootstrap.RIR_RDAP_ENDPOINTS, "ripe", base)
    whoisit.clear_bootstrapping()
    try:
        whoisit.load_bootstrap_data({"timestamp": 1, **files}, allow_insecure=True, from_json=False)
        network = whoisit.ip("192.0.2.1", rir="ripe")
        assert str(network["network"]) == "192.0.2.0/26"
        assert (network["handle"], network["parent_handle"]) == (
            "192.0.2.0 - 192.0.2.63", "192.0.2.0 - 192.0.2.255",
        )  # fmt: skip
        assert network["entities"]["abuse"][0]["email"] == "abuse@lir.example"
        assert network["entities"]["registrant"][0]["handle"] == "CLUB-1"
        assert network["parent_url"] == f"{base}ip/192.0.2.0/24"
        assert network["terms_of_service_url"] == base
        assert str(whoisit.ip("3fff::1")["network"]) == "3fff::/20"
        assert whoisit.asn(64496)["asn_range"] == [64496, 64496]
        domain = whoisit.domain("xn--bcher-kva.example")
        assert (domain["name"], domain["unicode_name"]) == ("xn--bcher-kva.example", "bücher.example")
        assert domain["entities"]["registrar"][0]["handle"] == "REG-1"
        entity = whoisit.entity("LIR-1", rir="ripe")
        assert (entity["name"], entity["entities"]["technical"][0]["email"]) == (
            "Example Member",
            "noc@lir.example",
        )
        assert entity["redacted"] == ["Networks held", "AS numbers held"]
        for kind, path in (
            ("ip", "ip/192.0.2.1"), ("autnum", "autnum/64496"), ("domain", "domain/example.org"), ("entity", "entity/LIR-1"),
        ):  # fmt: skip
            past = Query(get_session(), "GET", f"{base}history/{path}").request()
            for record in past["records"]:
                assert parse(whoisit._bootstrap, kind, path, record["content"])["handle"]
        with pytest.raises(ResourceDoesNotExist):
            whoisit.ip("198.51.100.1", rir="ripe")
        with pytest.raises(QueryError) as refused:
            Query(get_session(), "GET", f"{base}entities?fn=*").request()
        assert refused.value.status_code == 501
    finally:
        whoisit.clear_bootstrapping()


def test_whodap(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import whodap
    from whodap.client import ASNClient, DNSClient, IPv4Client, IPv6Client
    from whodap.errors import MalformedQueryError, NotFoundError
    from whodap.response import RDAPResponse

    for kind, name in ((ASNClient, "asn"), (DNSClient, "dns"), (IPv4Client, "ipv4"), (IPv6Client, "ipv6")):
        monkeypatch.setattr(kind, "_iana_uri", f"{base}bootstrap/{name}.json")
    network = whodap.lookup_ipv4("192.0.2.1")
    assert network.handle == "192.0.2.0 - 192.0.2.63"
    assert {role for one in network.entities for role in one.roles} == {"registrant", "abuse"}
    assert whodap.lookup_ipv6("3fff::1").startAddress == "3fff::"
    assert whodap.lookup_asn(64496).handle == "AS64496"
    with DNSClient.new_client_context() as client:
        # Our files name no domains: whoever asks knows where.
        domain = client.lookup("example", "org", auth_href=f"{base}domain/example.org")
        told = domain.to_whois_dict(strict=True)
        assert (told["domain_name"], told["registrar_name"]) == ("example.org", "REG-1 Ltd")
        entity = RDAPResponse.from_json(client._get_request(f"{base}entity/LIR-1").read())
        assert entity.handle == "LIR-1"
        for path in ("ip/192.0.2.1", "autnum/64496", "domain/example.org", "entity/LIR-1"):
            past = RDAPResponse.from_json(client._get_request(f"{base}history/{path}").read())
            assert all(record.applicableFrom and record.content.handle for record in past.records)
        with pytest.raises(NotFoundError):
            client.lookup("nothing", "example", auth_href=f"{base}domain/nothing.example")
        with pytest.raises(MalformedQueryError):
            client.lookup("a..b", "example", auth_href=f"{base}domain/a..b.example")


def test_ipwhois(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import ipwhois.net
    import ipwhois.rdap
    from ipwhois.rdap import RDAP, _RDAPEntity

    monkeypatch.setattr(ipwhois.rdap, "BOOTSTRAP_URL", base.rstrip("/"))
    # It refuses to ask about documentation addresses.
    monkeypatch.setattr(ipwhois.net, "ipv4_is_defined", lambda address: (False, "", ""))
    net = ipwhois.net.Net("192.0.2.1")
    found = RDAP(net).lookup(bootstrap=True, depth=2, retry_count=0)
    assert (found["network"]["cidr"], found["network"]["parent_handle"]) == (
        "192.0.2.0/26", "192.0.2.0 - 192.0.2.255",
    )  # fmt: skip
    assert found["entities"] == ["CLUB-1", "LIR-1~ABUSE"]
    assert found["objects"]["LIR-1~ABUSE"]["contact"]["email"] == [
        {"type": None, "value": "abuse@lir.example"}
    ]
    six = RDAP(ipwhois.net.Net("3fff::1")).lookup(bootstrap=True, retry_count=0)
    assert six["network"]["cidr"] == "3fff::/20"
    entity, _roles = RDAP(net)._get_entity("LIR-1", {}, bootstrap=True, retry_count=0)
    assert (entity["contact"]["name"], entity["entities"]) == (
        "Example Member",
        ["LIR-1~ABUSE", "LIR-1~TECHNICAL"],
    )
    past = net.get_http_json(f"{base}history/ip/192.0.2.1", retry_count=0)
    read = [RDAP(net).lookup(response=one["content"], bootstrap=True) for one in past["records"]]
    assert [one["entities"] for one in read] == [["CLUB-1"], ["SHOP-1"], ["LIR-1"]]
    for path in ("autnum/64496", "domain/example.org", "history/autnum/64496", "history/entity/LIR-1"):
        told = net.get_http_json(f"{base}{path}", retry_count=0)
        for one in (
            [record["content"] for record in told["records"]] if "records" in told else told["entities"]
        ):
            object_ = _RDAPEntity(one)
            object_.parse()
            assert object_.vars["handle"]


def test_over_the_wire_a_head_has_no_body_and_the_private_lease_no_trace(base: str) -> None:
    head = requests.head(f"{base}ip/192.0.2.1", timeout=10)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Access-Control-Allow-Origin"] == "*"
    for path in ("ip/192.0.2.1", "ip/192.0.2.0/28", "history/ip/192.0.2.1"):
        assert "SECRET" not in requests.get(f"{base}{path}", timeout=10).text
