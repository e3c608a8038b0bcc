"""Who may do what, besides which rows they see at all."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from prodev.stays.access import is_admin
from prodev.stays.models import Property, User


class HostsWrite(BasePermission):
    """Everybody reads properties; a host lists some, and changes their own; an admin all."""

    message = "Only the property's host may do this."

    def has_permission(self, request: Request, view: Any) -> bool:  # noqa: ARG002
        """Return whether the caller may use this method at all."""
        if request.method in SAFE_METHODS:
            return True
        user: Any = request.user
        return bool(user.is_authenticated and user.role in (User.Role.HOST, User.Role.ADMIN))

    def has_object_permission(self, request: Request, view: Any, place: Property) -> bool:  # noqa: ARG002
        """Return whether the caller may use it on this property."""
        user: Any = request.user
        return request.method in SAFE_METHODS or place.host_id == user.pk or is_admin(user)
