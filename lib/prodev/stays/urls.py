"""The addresses of the booking service."""

from __future__ import annotations

from django.urls import include, path

from prodev.stays.api.health import live, ready
from prodev.stays.webhook import payment_webhook

urlpatterns = [
    path("healthz", live, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("webhooks/payments", payment_webhook, name="payment-webhook"),
    path("api/", include("prodev.stays.api.urls")),
    path("", include("prodev.stays.graphql.urls")),
]
