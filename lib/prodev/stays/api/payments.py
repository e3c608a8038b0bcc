"""Payments: read here, and written by the events of the payment provider alone."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from prodev.stays.access import payments_of
from prodev.stays.models import Payment


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """A payment; the amount is in whole cents."""

    class Meta:
        model = Payment
        fields: ClassVar = ["id", "booking", "amount_cents", "method", "status", "paid_at"]


class Payments(viewsets.ReadOnlyModelViewSet[Payment]):
    """Payments of the caller's bookings."""

    serializer_class = PaymentSerializer
    queryset = Payment.objects.none()  # for the OpenAPI document; each request asks below

    def get_queryset(self) -> QuerySet[Payment]:
        """Return the payments that the caller may see."""
        return payments_of(self.request.user)
