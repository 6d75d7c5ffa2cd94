"""RDAP answers: what is asked in one of the known ways is answered with the most specific public object."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from fairnotice.answerable.actions.contacts import add_contact
from tests.answerable.rdap_reading import ask, by_role, lines, links
from tests.answerable.register import contact, hold, organisation

pytestmark = pytest.mark.usefixtures("fn_db")
BASE = "http://127.0.0.1:8000/rdap/"


@pytest.fixture(autouse=True)
def _in_no_hurry(settings):
    settings.FN_RDAP_PER_MINUTE = 1_000_000


@pytest.fixture
def networks() -> None:
    organisation("LIR-1", "Example Registry Member", "DE")
    hold("192.0.2.0/24", "LIR-1")
    hold("192.0.2.0/26", "SHOP-1", giver="LIR-1", kind="assignment", since="2022-03-01", until="2999-01-01")
    contact("LIR-1", "abuse@lir.example")


def test_an_address_is_answered_with_the_smallest_public_network(client: Client, networks: None) -> None:
    found = ask(client, "ip/192.0.2.1")
    assert found["rdapConformance"] == ["rdap_level_0", "cidr0"]
    assert (found["handle"], found["startAddress"], found["endAddress"]) == (
        "192.0.2.0 - 192.0.2.63", "192.0.2.0", "192.0.2.63",
    )  # fmt: skip
    assert (found["ipVersion"], found["type"], found["status"]) == ("v4", "assignment", ["active"])
    assert found["cidr0_cidrs"] == [{"v4prefix": "192.0.2.0", "length": 26}]
    assert found["parentHandle"] == "192.0.2.0 - 192.0.2.255"
    assert links(found, "self") == [f"{BASE}ip/192.0.2.0/26"]
    assert links(found, "up") == [f"{BASE}ip/192.0.2.0/24"]
    assert links(found, "down") == []
    events = {event["eventAction"]: event["eventDate"] for event in found["events"]}
    assert events.pop("last changed").endswith("Z")
    assert events == {"registration": "2022-03-01T00:00:00Z", "expiration": "2999-01-01T00:00:00Z"}


def test_self_and_up_lead_to_what_they_say(client: Client, networks: None) -> None:
    found = ask(client, "ip/192.0.2.1")
    again = ask(client, links(found, "self")[0].removeprefix(BASE))
    above = ask(client, links(found, "up")[0].removeprefix(BASE))
    assert again["handle"] == found["handle"]
    assert above["handle"] == found["parentHandle"]
    assert "parentHandle" not in above
    entity = ask(client, links(by_role(found, "registrant")[0], "self")[0].removeprefix(BASE))
    assert entity["handle"] == "SHOP-1"


def test_who_answers_stands_at_the_top_and_below_the_holder(client: Client, networks: None) -> None:
    found = ask(client, "ip/192.0.2.1")
    (holder,), (abuse,) = by_role(found, "registrant"), by_role(found, "abuse")
    assert (holder["handle"], abuse["handle"]) == ("SHOP-1", "LIR-1~ABUSE")
    assert holder["entities"] == [abuse]
    assert lines(abuse, "email") == ["abuse@lir.example"]
    assert ask(client, "entity/LIR-1~ABUSE")["vcardArray"] == abuse["vcardArray"]


def test_a_contact_of_the_network_alone_goes_before_that_of_its_holder(
    client: Client, networks: None
) -> None:
    contact("SHOP-1", "all@shop.example")
    contact("SHOP-1", "net@shop.example", own="192.0.2.0/26")
    (abuse,) = by_role(ask(client, "ip/192.0.2.1"), "abuse")
    assert lines(abuse, "email") == ["net@shop.example"]
    assert lines(ask(client, "entity/SHOP-1~ABUSE"), "email") == ["all@shop.example"]


def test_a_contact_that_does_not_work_is_not_named(client: Client, networks: None) -> None:
    contact("SHOP-1", "gone@shop.example", bad=True)
    found = ask(client, "ip/192.0.2.1")
    assert "gone@shop.example" not in json.dumps(found)
    assert by_role(found, "abuse")[0]["handle"] == "LIR-1~ABUSE"
    assert "gone@shop.example" not in json.dumps(ask(client, "entity/SHOP-1"))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("2001:db8::1", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:DB8:0::/48", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("198.51.100.7", "198.51.100.5", "198.51.100.20"),
        ("::ffff:198.51.100.7", "198.51.100.5", "198.51.100.20"),
        ("198.51.100.7/32", "198.51.100.5", "198.51.100.20"),
    ],
)
def test_networks_of_both_kinds_and_ranges_that_are_no_prefix(
    client: Client, asked: str, start: str, end: str
) -> None:
    hold("2001:db8::/32", "LIR-1")
    hold("198.51.100.5-198.51.100.20", "LIR-1")
    found = ask(client, f"ip/{asked}")
    assert (found["startAddress"], found["endAddress"]) == (start, end)
    assert links(found, "self")


def test_a_prefix_larger_than_all_that_is_held_is_not_found(client: Client, networks: None) -> None:
    ask(client, "ip/192.0.0.0/16", 404)
    ask(client, "ip/0.0.0.0/0", 404)
    ask(client, "ip/::/0", 404)


def test_numbers_and_blocks_of_numbers(client: Client) -> None:
    hold("AS64496", "LIR-1")
    hold("AS65536-AS65551", "LIR-1")
    found = ask(client, "autnum/64496")
    assert (found["objectClassName"], found["handle"]) == ("autnum", "AS64496")
    assert (found["startAutnum"], found["endAutnum"]) == (64496, 64496)
    block = ask(client, "autnum/65540")
    assert (block["startAutnum"], block["endAutnum"]) == (65536, 65551)
    assert links(block, "self") == [f"{BASE}autnum/65540"]
    ask(client, "autnum/64497", 404)


def test_domains_in_both_forms_and_names_below_them(client: Client) -> None:
    hold("xn--bcher-kva.example", "REG-1", kind="registrar")
    hold("shop.xn--bcher-kva.example", "HOST-1", kind="hosting")
    found = ask(client, "domain/xn--bcher-kva.example")
    assert (found["ldhName"], found["unicodeName"]) == ("xn--bcher-kva.example", "bücher.example")
    assert by_role(found, "registrar")[0]["handle"] == "REG-1"
    for asked in ("bücher.example", "B%C3%9CCHER.Example.", "www.xn--bcher-kva.example"):
        assert ask(client, f"domain/{asked}")["handle"] == "xn--bcher-kva.example"
    below = ask(client, "domain/a.shop.bücher.example")
    assert by_role(below, "technical")[0]["handle"] == "HOST-1"
    assert links(below, "up") == [f"{BASE}domain/xn--bcher-kva.example"]
    assert "parentHandle" not in below
    ask(client, "domain/example", 404)


def test_a_server_is_found_by_its_own_name_only(client: Client) -> None:
    hold("server:ns1.example.org", "HOST-1", kind="hosting")
    found = ask(client, "nameserver/NS1.example.org")
    assert (found["objectClassName"], found["ldhName"]) == ("nameserver", "ns1.example.org")
    for path in ("nameserver/a.ns1.example.org", "nameserver/example.org", "domain/ns1.example.org"):
        ask(client, path, 404)


def test_an_entity_names_its_desks_and_lists_nothing(client: Client, networks: None) -> None:
    contact("LIR-1", "noc@lir.example", role="technical")
    add_contact(
        actor_id=None,
        handle="LIR-1",
        address="https://lir.example/law",
        role="legal",
        channel="form",
        source="test",
    )
    found = ask(client, "entity/LIR-1")
    assert lines(found, "fn") == ["Example Registry Member"]
    assert next(line for line in found["vcardArray"][1] if line[0] == "adr")[1] == {"cc": "DE"}
    assert {one["handle"] for one in found["entities"]} == {"LIR-1~ABUSE", "LIR-1~TECHNICAL", "LIR-1~LEGAL"}
    assert lines(by_role(found, "notifications")[0], "contact-uri") == ["https://lir.example/law"]
    assert "redacted" in found["rdapConformance"]
    assert {one["prePath"] for one in found["redacted"]} == {"$.networks", "$.autnums"}
    assert "192.0.2" not in json.dumps({**found, "notices": []})
    # Clients write handles in capitals.
    assert ask(client, "entity/lir-1")["handle"] == "LIR-1"


def test_a_handle_may_hold_a_slash_and_comes_back_through_its_own_link(client: Client) -> None:
    organisation("ORG/EX:1", "Example")
    found = ask(client, "entity/ORG%2FEX:1")
    assert ask(client, links(found, "self")[0].removeprefix(BASE))["handle"] == "ORG/EX:1"


@pytest.mark.parametrize("path", ["entity/NOBODY", "entity/LIR-1~TECHNICAL", "entity/LIR-1~NOTHING"])
def test_what_is_not_listed_is_not_found(client: Client, networks: None, path: str) -> None:
    ask(client, path, 404)


@pytest.mark.parametrize(
    "path",
    [
        "ip/", "ip", "ip/192.0.2.1/24", "ip/192.0.2.0/33", "ip/192.0.2.0/024", "ip/192.0.2.0/", "ip/192.0.2.0/24/",
        "ip/192.000.002.001", "ip/192.0.2", "ip/0x7f.1", "ip/fe80::1%25eth0", "ip/2001:db8::/129", "ip/2001:db8::1/32",
        "ip/192.0.2.1-192.0.2.9", "ip/192.0.2.0%252F24", "ip/[2001:db8::1]", "ip/192.0.2.1:80", "ip/AS64496", "ip/%00",
        "ip/192.0.2.1%0a", "ip/١٩٢.0.2.1", "autnum/4294967296", "autnum/AS64496", "autnum/064496", "autnum/1.10",
        "autnum/-1", "autnum/64496-64497", "autnum/٦٤", "autnum/" + "9" * 5000, "domain/192.0.2.1",
        "domain/a..example", "domain/-a.example", "domain/exa%25mple.org", "domain/example.org%0a",
        "domain/%20example.org", "domain/server:example.org", "domain/example.org/x", "domain/u@example.org",
        "domain/" + "a" * 64 + ".example", "domain/" + "a." * 140 + "example", "domain/xn--zzzzz---.example",
        "nameserver/192.0.2.1", "entity/" + "A" * 65, "entity/A%0AB", "entity/%F0%9F%92%A9", "entity/A~", "foo",
        "foo/bar", "history/ip/", "history/x/1", "history", "ip%2F", "%0A",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_not_repeated(client: Client, path: str) -> None:
    found = ask(client, path, 400)
    told = json.dumps([found["title"], found["description"]], ensure_ascii=False)
    assert path.partition("/")[2] in ("", "1") or path.partition("/")[2] not in told


@pytest.mark.parametrize(
    "path",
    ["domains?name=ex*.example", "nameservers?ip=192.0.2.1", "entities?fn=Ex*", "ips?name=x", "autnums/rirSearch1/up/1",
     "domains/reverse_search/entity?handle=SHOP-1"],
)  # fmt: skip
def test_searches_are_not_offered(client: Client, networks: None, path: str) -> None:
    ask(client, path, 501)


def test_unknown_parameters_mean_nothing(client: Client, networks: None) -> None:
    assert ask(client, "ip/192.0.2.1?x=1&jsonp=alert") == ask(client, "ip/192.0.2.1")


def test_every_way_of_asking_for_a_form_gives_the_one_there_is(client: Client, networks: None) -> None:
    for accept in ("*/*", "application/rdap+json", "application/json", "text/html"):
        ask(client, "ip/192.0.2.1", accept=accept)


def test_head_is_the_same_without_a_body(client: Client, networks: None) -> None:
    whole, head = client.get("/rdap/ip/192.0.2.1"), client.head("/rdap/ip/192.0.2.1")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]
    assert client.head("/rdap/ip/198.51.100.1").status_code == 404


def test_other_methods_are_told_which_ones_work() -> None:
    client = Client(enforce_csrf_checks=True)
    for method in (client.post, client.put, client.delete, client.patch):
        answer = method("/rdap/ip/192.0.2.1")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert json.loads(answer.content)["errorCode"] == 405
    assert client.options("/rdap/ip/192.0.2.1").status_code == 204


def test_who_has_the_answer_already_gets_none(client: Client, networks: None) -> None:
    first = client.get("/rdap/ip/192.0.2.1")
    assert first["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in first.get("Vary", "")
    again = client.get("/rdap/ip/192.0.2.1", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
    contact("SHOP-1", "abuse@shop.example")
    assert client.get("/rdap/ip/192.0.2.1", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_too_many_questions_are_turned_away_for_a_minute(client: Client, settings) -> None:
    settings.FN_RDAP_PER_MINUTE = 2
    visitor = "198.51.100.99"
    codes = [client.get("/rdap/help", REMOTE_ADDR=visitor).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    turned_away = client.get("/rdap/help", REMOTE_ADDR=visitor)
    assert (turned_away["Retry-After"], turned_away["Cache-Control"]) == ("60", "no-store")
    assert json.loads(turned_away.content)["errorCode"] == 429


def test_the_help_names_all_extensions(client: Client) -> None:
    found = ask(client, "help")
    assert found["rdapConformance"] == ["rdap_level_0", "cidr0", "redacted", "history_version_0"]
    assert f"{BASE}ip/192.0.2.1" in found["notices"][0]["description"]
