"""Properties: everybody looks at them, hosts list them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import ProtectedError, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from prodev.stays.api.people import PersonSerializer
from prodev.stays.api.permissions import HostsWrite
from prodev.stays.caching import cached
from prodev.stays.models import Property


class InUse(APIException):
    """A property with bookings, which must keep what they were made for."""

    status_code = 409
    default_detail = "The property has bookings; it can't be deleted."
    default_code = "has_bookings"


class PropertySerializer(serializers.ModelSerializer[Property]):
    """A property and its host; prices are whole cents."""

    host = PersonSerializer(read_only=True)
    price_cents = serializers.IntegerField(min_value=0, max_value=100_000_00)
    max_guests = serializers.IntegerField(min_value=1, max_value=50, default=2)

    class Meta:
        model = Property
        fields: ClassVar = [
            *("id", "name", "city", "country", "kind", "price_cents", "max_guests"),
            *("listed_on", "host"),
        ]
        read_only_fields: ClassVar = ["id", "listed_on"]


class SearchSerializer(serializers.Serializer[Any]):
    """What a list of properties can be searched by; all that is given must hold."""

    city = serializers.CharField(required=False)
    country = serializers.CharField(required=False, max_length=2)
    kind = serializers.CharField(required=False)
    guests = serializers.IntegerField(required=False, min_value=1)
    max_price_cents = serializers.IntegerField(required=False, min_value=0)

    columns: ClassVar = {"guests": "max_guests__gte", "max_price_cents": "price_cents__lte"}

    def filters(self) -> dict[str, Any]:
        """Return the arguments for ``filter``."""
        self.is_valid(raise_exception=True)
        return {self.columns.get(name, name): value for name, value in self.validated_data.items()}


class Properties(viewsets.ModelViewSet[Property]):
    """Properties to stay in."""

    serializer_class = PropertySerializer
    permission_classes = (HostsWrite,)
    http_method_names: ClassVar = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[Property]:
        """Return the properties with their hosts: one statement, however many there are."""
        found = Property.objects.select_related("host")
        if self.action != "list":
            return found
        return found.filter(**SearchSerializer(data=self.request.query_params).filters())

    @extend_schema(parameters=[SearchSerializer, OpenApiParameter("page_size", int)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Search."""
        # A page holds the addresses of its neighbours, so it depends on the one that was asked.
        asked = {"address": request.build_absolute_uri(request.path), **request.query_params.dict()}
        answer = super().list
        return Response(
            cached("property-list", asked, lambda: answer(request, *args, **kwargs).data)
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Look at one."""
        answer = super().retrieve
        return Response(cached("property", kwargs, lambda: answer(request, *args, **kwargs).data))

    def perform_create(self, serializer: Any) -> None:
        """The caller is the host, whatever the body says."""
        serializer.save(host=self.request.user)

    def perform_destroy(self, instance: Property) -> None:
        """Delete a property that was never booked."""
        try:
            instance.delete()
        except ProtectedError as error:
            raise InUse from error
