"""The pages of the desk; who may open which is in `cases.permissions.ROUTES`."""

from django.urls import path

from fairnotice.review.views import case, decide, queue

urlpatterns = [
    path("", queue.queue, name="desk"),
    path("case/<str:ref>/", case.case, name="desk-case"),
    path("case/<str:ref>/claim/", case.claim, name="desk-claim"),
    path("case/<str:ref>/release/", case.release, name="desk-release"),
    path("case/<str:ref>/involved/", case.involved, name="desk-involved"),
    path("case/<str:ref>/decide/", decide.decide, name="desk-decide"),
]
