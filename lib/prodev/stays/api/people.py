"""People, as others see them."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from prodev.stays.models import User


class PersonSerializer(serializers.ModelSerializer[User]):
    """A name and no more: no address, no role."""

    class Meta:
        model = User
        fields: ClassVar = ["id", "name"]
