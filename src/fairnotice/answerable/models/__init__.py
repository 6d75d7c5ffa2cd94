"""The register of who is answerable. Nothing in it is overwritten: a fact that changes gets a row beside the
old one.

`resource`: what can be held. `organisation`: who holds, and how to reach them. `delegation`: who passed what
on to whom, in two times. `change`: the number that tells a copy in memory that it is old. `imports`: files
that were taken in.
"""

from fairnotice.answerable.models.change import Change
from fairnotice.answerable.models.delegation import Delegation
from fairnotice.answerable.models.imports import ImportBadLine, ImportRun
from fairnotice.answerable.models.organisation import Contact, ContactMark, Organisation, OrganisationVersion
from fairnotice.answerable.models.resource import Resource

__all__ = [
    "Change",
    "Contact",
    "ContactMark",
    "Delegation",
    "ImportBadLine",
    "ImportRun",
    "Organisation",
    "OrganisationVersion",
    "Resource",
]
