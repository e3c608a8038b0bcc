"""Accounts: register, sign in, sign out, and the caller's own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prodev.stays.models import User
from prodev.stays.tokens import AccessToken, issue_token


class AccountSerializer(serializers.ModelSerializer[User]):
    """The caller's own account. Nobody gives themselves a role."""

    class Meta:
        model = User
        fields: ClassVar = ["id", "username", "email", "name", "country", "role", "joined_on"]
        read_only_fields: ClassVar = ["id", "username", "role", "joined_on"]


class RegistrationSerializer(AccountSerializer):
    """A new account. The password goes in and never comes out."""

    password = serializers.CharField(write_only=True, max_length=128, trim_whitespace=False)

    class Meta(AccountSerializer.Meta):
        fields: ClassVar = [*AccountSerializer.Meta.fields, "password"]
        read_only_fields: ClassVar = ["id", "role", "joined_on"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a password that is short, common, or like the rest of the account."""
        password = attrs["password"]
        user = User(**{name: value for name, value in attrs.items() if name != "password"})
        try:
            validate_password(password, user)
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def create(self, validated_data: dict[str, Any]) -> User:
        """Keep the account with a hashed password."""
        return User.objects.create_user(**validated_data)


class SignInSerializer(serializers.Serializer[Any]):
    """What signs in."""

    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)


class TokenSerializer(serializers.Serializer[Any]):
    """What a signed-in caller sends from then on."""

    token = serializers.CharField()


class Registration(generics.CreateAPIView[User]):
    """Register."""

    permission_classes = (AllowAny,)
    serializer_class = RegistrationSerializer


class Token(APIView):
    """Sign in and out."""

    def get_permissions(self) -> list[Any]:
        """Let anyone sign in; only who is signed in can sign out."""
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    @extend_schema(request=SignInSerializer, responses={201: TokenSerializer})
    def post(self, request: Request) -> Response:
        """Return a token for a name and a password."""
        given = SignInSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request, **given.validated_data)
        if user is None:
            # One answer for both, so that nobody learns which names exist.
            raise AuthenticationFailed("The name or the password is wrong.", "wrong_password")
        return Response({"token": issue_token(user.pk)}, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Give back the token that this request carries."""
        if isinstance(request.auth, AccessToken):
            request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(generics.RetrieveUpdateAPIView[User]):
    """The caller's own account."""

    serializer_class = AccountSerializer
    http_method_names: ClassVar = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        """Return the caller, whatever the address says."""
        user: User = self.request.user
        return user
