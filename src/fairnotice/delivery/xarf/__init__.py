"""Notices that go to other organisations as XARF v4 reports, by mail or REST (docs/xarf.md)."""

from fairnotice.cases.peers import Peer, peer_for
from fairnotice.delivery.xarf.answers import ANSWER_REST, send_answer
from fairnotice.delivery.xarf.facts import MAX_LOCATIONS, ReportFacts
from fairnotice.delivery.xarf.mail import as_mail
from fairnotice.delivery.xarf.report import build_report
from fairnotice.delivery.xarf.rest import Reply, RestPort

__all__ = [
    "ANSWER_REST",
    "MAX_LOCATIONS",
    "Peer",
    "Reply",
    "ReportFacts",
    "RestPort",
    "as_mail",
    "build_report",
    "peer_for",
    "send_answer",
]
