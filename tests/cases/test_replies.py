"""Letters that come back, however they are written: which of ours they answer, and what they say."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.cases.replies import MAX_TEXT, read

TOKEN = "A" * 25 + "7"


def mail(text: str = "Taken.\n\n> quoted", **headers: str) -> bytes:
    letter = EmailMessage()
    letter["From"] = "abuse@host.example"
    letter["To"] = f"Notices <notices+{TOKEN.lower()}@fair.example>"
    letter["In-Reply-To"] = "<first@fair.example>"
    letter["References"] = "<zeroth@fair.example> <first@fair.example>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter.as_bytes()


def test_a_reply_names_its_letter_in_two_ways():
    found = read(mail())
    assert found.kind == "reply" and found.tokens == (TOKEN,)
    assert found.message_ids == ("first@fair.example", "zeroth@fair.example")
    assert found.answer == "taken" and found.text == "Taken."


def test_a_subject_may_be_all_that_is_left():
    found = read(
        b"To: x@y.example\r\nSubject: =?utf-8?q?Re=3A_=5BTicket_4711=5D_Notice_23456789ABCD=3A?=\r\n\r\nTaken"
    )
    assert found.references == ("23456789ABCD",)
    assert read(b"Subject: =?no-such?q?=FF?= A\r\n\r\n").references == ()


@pytest.mark.parametrize(
    ("first", "answer"),
    [
        ("TAKEN", "taken"),
        ("not ours: we sold that network", "not_ours"),
        ("Not-ours.", "not_ours"),
        ("too_old", "too_old"),
        ("** Answered – it is gone", "answered"),
        ("Answered questions are in our help", None),
        ("We have taken it on", None),
        ("taken down", None),
        ("", None),
    ],
)
def test_only_one_of_the_four_words_alone_on_the_first_line_is_an_answer(first, answer):
    assert read(mail(f"{first}\n\nKind regards, the abuse desk")).answer == answer


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}],
    ids=lambda headers: next(iter(headers)),
)
def test_an_automatic_letter_is_known(headers):
    assert read(mail(**headers)).kind == "automatic"
    assert read(mail(Auto_Submitted="no")).kind == "reply"


def report(action: str) -> bytes:
    sent = b"Message-ID: <first@fair.example>\r\nTo: abuse@host.example\r\nSubject: x\r\n\r\nour words"
    return b"\r\n".join(
        [
            b"From: mailer-daemon@host.example",
            b"To: notices@fair.example",
            b"Auto-Submitted: auto-replied",
            b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            b"MIME-Version: 1.0",
            b"",
            b"--b",
            b"Content-Type: text/plain",
            b"",
            b"taken",
            b"--b",
            b"Content-Type: message/delivery-status",
            b"",
            b"Reporting-MTA: dns; host.example",
            b"",
            b"Final-Recipient: rfc822; abuse@host.example",
            b"Action: " + action.encode(),
            b"Status: 5.1.1",
            b"",
            b"--b",
            b"Content-Type: message/rfc822",
            b"",
            sent,
            b"--b--",
            b"",
        ]
    )


def test_a_letter_that_came_back_names_ours_and_answers_nothing():
    found = read(report("failed"))
    assert (found.kind, found.answer, found.message_ids) == ("bounce", None, ("first@fair.example",))
    assert read(report("delayed")).kind == "automatic", "it may still arrive"


def test_a_page_is_read_as_words_without_its_scripts():
    letter = EmailMessage()
    letter["To"] = "notices@fair.example"
    letter.set_content(
        "<style>p{}</style><script>evil()</script><p>Not ours</p><p>See &lt;you&gt;</p>", subtype="html"
    )
    found = read(letter.as_bytes())
    assert found.answer == "not_ours" and "evil" not in found.text and "See <you>" in found.text


def test_an_unknown_charset_and_an_attachment_do_no_harm():
    raw = b"To: x@y.example\r\nContent-Type: text/plain; charset=no-such\r\n\r\nTaken\r\n\xff\x00"
    assert read(raw).answer == "taken" and "\x00" not in read(raw).text
    letter = EmailMessage()
    letter.set_content("Answered")
    letter.add_attachment("SECRET", filename="notes.txt")
    assert "SECRET" not in read(letter.as_bytes()).text


@given(st.binary(max_size=3000) | st.builds(lambda a, b: a + b"\r\n\r\n" + b, st.sampled_from([mail()[:200], report("failed")[:400]]), st.binary(max_size=600)))  # fmt: skip
def test_whatever_a_mail_server_hands_over_is_read(raw):
    found = read(raw)
    found.text.encode()
    assert len(found.text) <= MAX_TEXT and "\x00" not in found.text


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: =?utf-8?b?a?=\n\nHello",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1500)) + b"Hello",
        b"Content-Type: message/rfc822\n\n" * 2000 + b"Hello",
        b"Content-Type: text/plain; charset*=a\x00b'y'%ff\n\nHello",
        b"Content-Type: text/plain\nContent-Disposition: attachment; filename*=a\x00b'y'%ff\n\nHello",
        b"Content-Type: text/html\n\nHello &#" + b"9" * 5000 + b";",
        b"Content-Type: text/html\n\nHello <![foo bar\nx",
    ],
    ids=["subject", "parts", "letters", "charset", "file-name", "number", "markup"],
)  # fmt: skip
def test_a_letter_that_python_cannot_take_apart_waits_for_a_person(raw):
    found = read(f"To: notices+{TOKEN}@fair.example\n".encode() + raw)
    assert found.tokens == (TOKEN,) and found.kind == "reply" and found.answer is None
    assert found.text


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/html\n\nTaken" + b"<!--" * 400_000,
        b"Content-Type: text/html\n\nTaken" + b"<a " * 600_000,
        b"Content-Type: text/html\n\nTaken<br>" + b'<a x="' * 300_000 + b">",
        b"Content-Type: text/plain" + b"; a=b" * 390_000 + b"\n\nTaken",
        b"Content-Disposition: inline" + b"".join(b"; filename*%d=b" % n for n in range(90_000)) + b"\n\nTaken",
    ],
)  # fmt: skip
def test_no_letter_keeps_the_program_busy(raw):
    """Each of these takes minutes, and some an hour, where its length counts squared."""
    assert len(read(raw).text) <= MAX_TEXT


def test_the_words_of_a_page():
    page = (
        "<html><head><title>no</title></head><body><!-- no > no --><style>no</style>"
        "<P>Taken</p><div title=x>5 < 6 &amp; 7 &gt; 6</div><script>if (a < b) no()</script>end"
    )
    found = read(b"Content-Type: text/html\n\n" + page.encode())
    assert found.answer == "taken" and found.text == "Taken\n5 < 6 & 7 > 6end"
