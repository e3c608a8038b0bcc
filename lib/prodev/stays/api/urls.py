"""The addresses of the REST API, below ``/api/``."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from prodev.stays.api.accounts import Me, Registration, Token
from prodev.stays.api.bookings import Bookings
from prodev.stays.api.messages import Messages
from prodev.stays.api.payments import Payments
from prodev.stays.api.properties import Properties
from prodev.stays.api.reviews import Reviews

router = SimpleRouter(trailing_slash=False)
router.register("properties", Properties, "property")
router.register("bookings", Bookings, "booking")
router.register("payments", Payments, "payment")
router.register("reviews", Reviews, "review")
router.register("messages", Messages, "message")

urlpatterns = [
    path("register", Registration.as_view(), name="register"),
    path("token", Token.as_view(), name="token"),
    path("me", Me.as_view(), name="me"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("", include(router.urls)),
]
