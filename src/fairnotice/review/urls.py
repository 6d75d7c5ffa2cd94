"""The pages of the desk; who may open which is in `cases.permissions.ROUTES`."""

from django.urls import path

from fairnotice.review.views import (
    appeals,
    case,
    decide,
    inbox,
    lookup,
    measures,
    publications,
    queue,
    rules,
    seconds,
    statements,
)

urlpatterns = [
    path("", queue.queue, name="desk"),
    path("case/<str:ref>/", case.case, name="desk-case"),
    path("case/<str:ref>/claim/", case.claim, name="desk-claim"),
    path("case/<str:ref>/release/", case.release, name="desk-release"),
    path("case/<str:ref>/involved/", case.involved, name="desk-involved"),
    path("case/<str:ref>/decide/", decide.decide, name="desk-decide"),
    path("forwarded/<str:ref>/answer/", inbox.answer, name="desk-answer-sender"),
    path("second/", seconds.seconds, name="desk-seconds"),
    path("decision/<str:ref>/confirm/", seconds.confirm, name="desk-confirm"),
    path("statements/", statements.statements, name="desk-statements"),
    path("statement/<str:ref>/inform/", statements.inform, name="desk-inform"),
    path("statement/<str:ref>/letter/", statements.letter, name="desk-letter"),
    path("measures/", measures.measures, name="desk-measures"),
    path("measure/<str:ref>/effect/", measures.effect, name="desk-effect"),
    path("measure/<str:ref>/review/", measures.review, name="desk-review"),
    path("appeals/", appeals.appeals, name="desk-appeals"),
    path("appeal/<str:ref>/", appeals.appeal, name="desk-appeal"),
    path("appeal/<str:ref>/claim/", appeals.claim, name="desk-appeal-claim"),
    path("appeal/<str:ref>/decide/", appeals.decide, name="desk-appeal-decide"),
    path("publications/", publications.publications, name="desk-publications"),
    path("publication/<str:ref>/", publications.publication, name="desk-publication"),
    path("publication/<str:ref>/approve/", publications.approve, name="desk-publication-approve"),
    path("publication/<str:ref>/withhold/", publications.withhold, name="desk-publication-withhold"),
    path("lookup/", lookup.lookup, name="desk-lookup"),
    path("rules/", rules.rules, name="desk-rules"),
    path("rules/publish/", rules.publish, name="desk-rules-publish"),
]
