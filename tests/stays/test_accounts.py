"""Accounts: what registers, what signs in, and what never leaves the service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from prodev.stays.models import User
from prodev.stays.tokens import AccessToken
from stays_world import PASSWORD, user

NEW = {"username": "kofi", "email": "kofi@example.com", "name": "Kofi", "password": PASSWORD}


def test_nobody_registers_as_more_than_a_guest(caller: Any) -> None:
    answer = caller().post("/api/register", {**NEW, "role": "admin", "is_superuser": True})
    assert answer.status_code == 201
    assert answer.json()["role"] == "guest"
    kofi = User.objects.get(username="kofi")
    assert (kofi.role, kofi.is_superuser, kofi.is_staff) == ("guest", False, False)


def test_nobody_gives_themselves_a_role_later(caller: Any, world: Any) -> None:
    answer = caller(world.gil).patch("/api/me", {"role": "admin", "name": "Gil the First"})
    assert answer.json()["role"] == "guest"
    assert answer.json()["name"] == "Gil the First"


def test_a_password_is_kept_hashed_and_never_shown(caller: Any) -> None:
    answer = caller().post("/api/register", NEW)
    assert PASSWORD not in answer.content.decode()
    assert "password" not in answer.json()
    kofi = User.objects.get(username="kofi")
    assert PASSWORD not in kofi.password
    assert kofi.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "12345678901", "password123", "kofi@example.com"])
def test_a_weak_password_is_refused(caller: Any, password: str) -> None:
    answer = caller().post("/api/register", {**NEW, "password": password})
    assert answer.status_code == 400
    assert "password" in answer.json()["fields"]


def test_a_name_and_an_address_are_taken_once(caller: Any) -> None:
    user("kofi")
    answer = caller().post("/api/register", NEW)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"username", "email"}


def test_a_token_opens_until_it_is_given_back(caller: Any) -> None:
    user("kofi")
    client = caller()
    token = client.post("/api/token", {"username": "kofi", "password": PASSWORD}).json()["token"]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert client.get("/api/me").json()["username"] == "kofi"
    assert client.delete("/api/token").status_code == 204
    assert client.get("/api/me").status_code == 401


def test_a_token_is_kept_as_a_hash(caller: Any) -> None:
    user("kofi")
    answer = caller().post("/api/token", {"username": "kofi", "password": PASSWORD})
    kept = AccessToken.objects.get()
    assert answer.json()["token"] not in str(vars(kept))


def test_a_wrong_name_and_a_wrong_password_sound_the_same(caller: Any) -> None:
    user("kofi")
    told = [
        caller().post("/api/token", {"username": name, "password": "wrong-but-long"}).json()
        for name in ("kofi", "nobody")
    ]
    assert told[0] == told[1] == {
        "detail": "The name or the password is wrong.", "code": "wrong_password",
    }  # fmt: skip


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token unknown", "Token \xe9"])
def test_a_bad_token_is_told_apart_from_none(caller: Any, header: str) -> None:
    client = caller()
    client.credentials(HTTP_AUTHORIZATION=header)
    answer = client.get("/api/properties")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")


def test_a_token_ends_and_so_does_that_of_a_locked_account(caller: Any, world: Any) -> None:
    client = caller(world.gil)
    assert client.get("/api/me").status_code == 200
    world.gil.is_active = False
    world.gil.save()
    assert client.get("/api/me").status_code == 401
    world.gil.is_active = True
    world.gil.save()
    AccessToken.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/api/me").status_code == 401
