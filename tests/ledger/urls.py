"""The log's pages at the place where the site has them."""

from django.urls import include, path

urlpatterns = [path("log/", include("fairnotice.ledger.urls"))]
