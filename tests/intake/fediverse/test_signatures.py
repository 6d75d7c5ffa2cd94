"""Signatures after the draft and after RFC 9421: the right one, and every way to be wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import algorithms
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.intake.fediverse import cavage, rfc9421
from fairnotice.intake.fediverse.signed import Request, SignatureFault, shared_secret_matches
from tests.intake.fediverse import signing
from tests.intake.fediverse.signing import KEY_ID, URL, ec_key, ed_key, pem, rsa_key

BODY = b'{"type": "Flag"}'
NOW = datetime.now(UTC)


def request(headers: dict[str, str], *more: tuple[str, str], body: bytes = BODY, url: str = URL) -> Request:
    return Request("POST", url, (*headers.items(), *more), body)


def public(key: Any) -> Any:
    return load_pem_public_key(pem(key).encode())


def check_draft(asked: Request, key: Any = None) -> str:
    claim = cavage.read(asked, datetime.now(UTC))
    claim.verify(public(key or rsa_key()))
    return claim.key_id


def check_standard(asked: Request, key: Any = None) -> str:
    claim = rfc9421.read(asked, datetime.now(UTC))
    claim.verify(public(key or rsa_key()))
    return claim.key_id


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "hs2019", None])
def test_a_good_signature_of_the_draft(algorithm) -> None:
    assert check_draft(request(signing.cavage(BODY, algorithm=algorithm))) == KEY_ID


def test_the_draft_with_created_in_the_place_of_a_date() -> None:
    unix = str(int(NOW.timestamp()))
    headers = signing.cavage(
        BODY, names="(request-target) (created) host digest", algorithm="hs2019", more={"created": unix}
    )
    assert check_draft(request(headers)) == KEY_ID


def test_the_draft_with_an_ed25519_key() -> None:
    assert check_draft(request(signing.cavage(BODY, key=ed_key(), algorithm="hs2019")), ed_key()) == KEY_ID


WRONG = {
    "no signature": (dict, "There is no header Signature"),
    "digest not signed": (
        lambda: signing.cavage(BODY, names="(request-target) host date"),
        "does not cover digest",
    ),
    "target not signed": (lambda: signing.cavage(BODY, names="host date digest"), "does not cover"),
    "host not signed": (
        lambda: signing.cavage(BODY, names="(request-target) date digest"),
        "does not cover host",
    ),
    "no moment signed": (lambda: signing.cavage(BODY, names="(request-target) host digest"), "no moment"),
    "a header twice among the signed": (
        lambda: signing.cavage(BODY, names="(request-target) host date date digest"),
        "stands twice",
    ),
    "another body": (lambda: signing.cavage(b"{}"), "of another body"),
    "a digest of another kind": (
        lambda: signing.cavage(BODY, digest="MD5=1B2M2Y8AsgTpgAmY7PhCfg=="),
        "no SHA-256",
    ),
    "two digests": (
        lambda: signing.cavage(BODY, digest="SHA-256=" + "A" * 43 + "=,SHA-256=" + "B" * 43 + "="),
        "more than one",
    ),
    "an old date": (lambda: signing.cavage(BODY, when=NOW - timedelta(hours=2)), "more than an hour"),
    "a date to come": (lambda: signing.cavage(BODY, when=NOW + timedelta(hours=2)), "more than an hour"),
    "another key": (lambda: signing.cavage(BODY, key=rsa_key(1)), "did not make"),
    "an Ed25519 word for an RSA key": (
        lambda: signing.cavage(BODY, algorithm="ed25519"),
        "not one for this key",
    ),
    "a shared secret": (lambda: signing.cavage(BODY, algorithm="hmac-sha256"), "The algorithm is"),
    "no algorithm at all": (lambda: signing.cavage(BODY, algorithm="none"), "The algorithm is"),
    "for another server": (lambda: signing.cavage(BODY, host="elsewhere.example.org"), "did not make"),
    "for another page": (lambda: signing.cavage(BODY, target="post /other"), "did not make"),
    "for another method": (lambda: signing.cavage(BODY, target="get /ap/inbox"), "did not make"),
    "created with rsa-sha256": (
        lambda: signing.cavage(BODY, names="(request-target) (created) host digest", more={"created": "1"}),
        "to be signed",
    ),
    "created long ago": (
        lambda: signing.cavage(
            BODY,
            names="(request-target) (created) host digest",
            algorithm="hs2019",
            more={"created": "1000000000"},
        ),
        "more than an hour",
    ),
    "expired": (
        lambda: signing.cavage(
            BODY,
            names="(request-target) (expires) host date digest",
            algorithm="hs2019",
            more={"expires": str(int(NOW.timestamp()) - 5)},
        ),
        "has expired",
    ),
    "no key": (lambda: signing.cavage(BODY, key_id=""), "names no key"),
    "a signed header that is not there": (
        lambda: {k: v for k, v in signing.cavage(BODY).items() if k != "Content-Type"},
        "is not there",
    ),
    "a parameter twice": (
        lambda: (s := signing.cavage(BODY)) | {"Signature": s["Signature"] + ',keyId="x"'},
        "says keyId twice",
    ),
    "not to be read": (lambda: {"Signature": "keyId=unquoted"}, "cannot be read"),
    "no base64": (
        lambda: (
            (s := signing.cavage(BODY))
            | {"Signature": s["Signature"].split("signature=")[0] + 'signature="?"'}
        ),
        "not",
    ),
    "an empty signature": (
        lambda: (
            (s := signing.cavage(BODY))
            | {"Signature": s["Signature"].split("signature=")[0] + 'signature=""'}
        ),
        "empty",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_every_way_to_be_wrong_with_the_draft(case) -> None:
    make, expected = WRONG[case]
    with pytest.raises(SignatureFault, match=expected):
        check_draft(request(make()))


@pytest.mark.parametrize("name", ["Signature", "Date", "Digest", "Content-Type", "date"])
def test_a_header_that_comes_twice_is_refused(name) -> None:
    with pytest.raises(SignatureFault, match="more than once"):
        check_draft(request(signing.cavage(BODY), (name, "something else")))


@pytest.mark.parametrize("name", ["Signature", "Signature-Input", "Content-Digest"])
def test_the_same_by_the_standard(name) -> None:
    headers = signing.standard(BODY)
    with pytest.raises(SignatureFault, match="more than once"):
        check_standard(request(headers, (name.upper(), headers[name])))


def test_an_rsa_key_is_not_a_shared_secret() -> None:
    """The public key as the secret of an HMAC: the oldest trick there is."""
    headers = signing.cavage(BODY, algorithm="hs2019")
    made = hmac.new(pem(rsa_key()).encode(), b"whatever", hashlib.sha256).digest()
    head = headers["Signature"].split("signature=")[0]
    forged = headers | {"Signature": f'{head}signature="{base64.b64encode(made).decode()}"'}
    with pytest.raises(SignatureFault, match="did not make"):
        check_draft(request(forged))


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (rsa_key, algorithms.RSA_V1_5_SHA256),
        (rsa_key, algorithms.RSA_PSS_SHA512),
        (ed_key, algorithms.ED25519),
        (ec_key, algorithms.ECDSA_P256_SHA256),
    ],
)
def test_a_good_signature_of_the_standard(key, algorithm) -> None:
    headers = signing.standard(BODY, key=key(), algorithm=algorithm)
    assert check_standard(request(headers), key()) == KEY_ID


def test_without_an_algorithm_it_is_the_one_that_mastodon_uses() -> None:
    assert check_standard(request(signing.standard(BODY, include_alg=False))) == KEY_ID


def test_authority_and_path_are_as_good_as_the_whole_address() -> None:
    covered = ("@method", "@authority", "@path", "content-digest")
    assert check_standard(request(signing.standard(BODY, covered=covered))) == KEY_ID


WRONG_STANDARD = {
    "no signature": (dict, "There is no header Signature-Input"),
    "digest not covered": (
        lambda: signing.standard(BODY, covered=("@method", "@target-uri")),
        "does not cover content-digest",
    ),
    "method not covered": (
        lambda: signing.standard(BODY, covered=("@target-uri", "content-digest")),
        "does not cover @method",
    ),
    "address not covered": (
        lambda: signing.standard(BODY, covered=("@method", "@path", "content-digest")),
        "does not cover @target-uri",
    ),
    "another body": (lambda: signing.standard(b"{}"), "not a good signature"),
    "old": (lambda: signing.standard(BODY, created=NOW - timedelta(hours=2)), "not a good signature"),
    "to come": (lambda: signing.standard(BODY, created=NOW + timedelta(hours=2)), "not a good signature"),
    "another key": (lambda: signing.standard(BODY, key=rsa_key(1)), "not a good signature"),
    "for a key of another kind": (
        lambda: signing.standard(BODY, key=ed_key(), algorithm=algorithms.ED25519),
        "not one for this key",
    ),
    "no moment": (
        lambda: {k: v.split(";created=")[0] + ';keyid="x"' if k == "Signature-Input" else v
                 for k, v in signing.standard(BODY).items()},
        "says no moment",
    ),
    "no key": (
        lambda: {k: v.replace(f'keyid="{KEY_ID}"', 'keyid=""') for k, v in signing.standard(BODY).items()},
        "names no key",
    ),
    "two signatures": (
        lambda: {k: f"{v}, {v.replace('=', '2=', 1)}" if k.startswith("Signature") else v
                 for k, v in signing.standard(BODY).items()},
        "There must be one",
    ),
    "not to be read": (lambda: {"Signature-Input": "(((", "Signature": "x=:AA==:"}, "cannot be read"),
    "components that are none": (lambda: {"Signature-Input": "a=1", "Signature": "a=:AA==:"}, "names no components"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_STANDARD)
def test_every_way_to_be_wrong_with_the_standard(case) -> None:
    make, expected = WRONG_STANDARD[case]
    with pytest.raises(SignatureFault, match=expected):
        check_standard(request(make()))


def test_a_signature_for_another_address_is_none_for_us() -> None:
    with pytest.raises(SignatureFault):
        check_standard(request(signing.standard(BODY), url="http://127.0.0.1:8000/ap/other"))


@settings(max_examples=150)
@given(st.text(max_size=80), st.text(max_size=40), st.binary(max_size=20))
def test_whatever_a_signature_holds_is_refused_in_words(signature, digest, body) -> None:
    headers = {"Signature": signature, "Signature-Input": digest, "Digest": digest, "Date": digest}
    for check in (check_draft, check_standard):
        with pytest.raises(SignatureFault):
            check(request(headers, body=body))


@settings(max_examples=80)
@given(st.sampled_from(["cavage", "standard"]), st.integers(0, 10_000), st.characters(codec="latin-1"))
def test_a_signature_with_one_letter_changed_is_never_good(scheme, at, letter) -> None:
    headers = signing.cavage(BODY) if scheme == "cavage" else signing.standard(BODY)
    check = check_draft if scheme == "cavage" else check_standard
    name = "Signature"
    value = headers[name]
    start = value.index("signature=") + 11 if scheme == "cavage" else value.index(":") + 1
    place = start + at % (340 - 4)
    if value[place] == letter:
        return
    with pytest.raises(SignatureFault):
        check(request(headers | {name: value[:place] + letter + value[place + 1 :]}))


def test_the_signature_of_a_webhook() -> None:
    good = "sha256=" + hmac.new(b"secret", BODY, hashlib.sha256).hexdigest()
    assert shared_secret_matches(b"secret", BODY, good)
    assert shared_secret_matches(b"secret", BODY, good.upper().replace("SHA256", "sha256"))
    for wrong in (
        None,
        "",
        "sha256=",
        good[:-1],
        good + "0",
        good.replace("sha256", "sha1"),
        "sha256=é",
        good[7:],
    ):
        assert not shared_secret_matches(b"secret", BODY, wrong)
    assert not shared_secret_matches(b"secret", BODY + b" ", good)
    assert not shared_secret_matches(b"other", BODY, good)


def test_without_a_secret_no_signature_is_good() -> None:
    empty = "sha256=" + hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    assert not shared_secret_matches(b"", BODY, empty)
