"""The address of the GraphQL API."""

from __future__ import annotations

from django.urls import path

from prodev.stays.graphql.view import view

urlpatterns = [path("graphql", view, name="graphql")]
