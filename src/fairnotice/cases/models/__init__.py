"""Every table of this app. Rows that state what was done are append-only; what changes stands in a row beside
them."""

from fairnotice.cases.models.access import AccessCode, Idempotency
from fairnotice.cases.models.appeal import Appeal, AppealOutcome, AppealStatus, MeasureChange
from fairnotice.cases.models.case import Case, CaseInvolved
from fairnotice.cases.models.client import ApiClient, ApiToken, TokenScope, TrustedEnd, TrustedStatus
from fairnotice.cases.models.decision import Decision, DecisionStatus
from fairnotice.cases.models.emergency import Emergency, EmergencyAlert
from fairnotice.cases.models.evidence_file import EvidenceFile
from fairnotice.cases.models.filing import Filing, FilingGate
from fairnotice.cases.models.forward import (
    CustomerLetter,
    Forward,
    ForwardAnswer,
    ForwardConsent,
    ForwardLetter,
    ForwardStatus,
    ForwardToken,
)
from fairnotice.cases.models.inbox import Inbound
from fairnotice.cases.models.involved import InvolvedContact
from fairnotice.cases.models.measure import Measure, MeasureStatus
from fairnotice.cases.models.notice import Notice, NoticeItem
from fairnotice.cases.models.opening import Opened
from fairnotice.cases.models.publication import Publication, PublicEntry
from fairnotice.cases.models.received import Received
from fairnotice.cases.models.report import Report, ReportFile, ReportStatus, ReportText, Tally
from fairnotice.cases.models.retention import (
    Correction,
    Erasure,
    ErasureOpen,
    ErasureRequest,
    Hold,
    RetentionRun,
)
from fairnotice.cases.models.rules import RulesClause, RulesVersion
from fairnotice.cases.models.sealed import SealedValue
from fairnotice.cases.models.service import ServiceAsked
from fairnotice.cases.models.statement import Statement, StatementStatus
from fairnotice.cases.models.subscriber import PeriodReport, Subscriber
from fairnotice.cases.models.tables import TableLine, TableMapping, TableRun
from fairnotice.cases.models.two_people import Proposal

__all__ = [
    "AccessCode",
    "ApiClient",
    "ApiToken",
    "Appeal",
    "AppealOutcome",
    "AppealStatus",
    "Case",
    "CaseInvolved",
    "Correction",
    "CustomerLetter",
    "Decision",
    "DecisionStatus",
    "Emergency",
    "EmergencyAlert",
    "Erasure",
    "ErasureOpen",
    "ErasureRequest",
    "EvidenceFile",
    "Filing",
    "FilingGate",
    "Forward",
    "ForwardAnswer",
    "ForwardConsent",
    "ForwardLetter",
    "ForwardStatus",
    "ForwardToken",
    "Hold",
    "Idempotency",
    "Inbound",
    "InvolvedContact",
    "Measure",
    "MeasureChange",
    "MeasureStatus",
    "Notice",
    "NoticeItem",
    "Opened",
    "PeriodReport",
    "Proposal",
    "PublicEntry",
    "Publication",
    "Received",
    "Report",
    "ReportFile",
    "ReportStatus",
    "ReportText",
    "RetentionRun",
    "RulesClause",
    "RulesVersion",
    "SealedValue",
    "ServiceAsked",
    "Statement",
    "StatementStatus",
    "Subscriber",
    "TableLine",
    "TableMapping",
    "TableRun",
    "Tally",
    "TokenScope",
    "TrustedEnd",
    "TrustedStatus",
]
