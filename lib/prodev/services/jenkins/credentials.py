"""Credentials that a rehearsal is given, and how Jenkins masks them in the log.

Source of the masked forms: Jenkins' plugin "Credentials Binding", which masks a secret as it is,
as shells write it with ``-x``, and encoded in base64. A secret that is changed in any other way,
for example reversed, is not masked.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from prodev.services.jenkins.groovy.values import GroovyError

STARS = "****"


@dataclass(frozen=True)
class SecretText:
    """A credential of the kind "Secret text"."""

    value: str = field(repr=False)


@dataclass(frozen=True)
class UsernamePassword:
    """A credential of the kind "Username with password"."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class SecretFile:
    """A credential of the kind "Secret file"."""

    name: str
    content: str = field(repr=False)


Credential = SecretText | UsernamePassword | SecretFile


class Mask:
    """Replaces secrets in texts by ``****``."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take the secrets; empty ones are left out."""
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        longest_first = sorted(filter(None, forms), key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, text: str) -> str:
        """Return the text without the secrets."""
        return self._pattern.sub(STARS, text) if self._pattern else text


Kind = TypeVar("Kind", SecretText, UsernamePassword, SecretFile)


def of_kind(credential: Credential, name: str, kind: type[Kind]) -> Kind:
    """Return a credential if it is of this kind.

    Raises:
        GroovyError: it is of another one.
    """
    if isinstance(credential, kind):
        return credential
    is_ = type(credential).__name__
    raise GroovyError(
        f"Credentials '{name}' is of type '{is_}' where '{kind.__name__}' was expected"
    )


def _forms(secret: str) -> set[str]:
    quoted = secret.replace("'", "'\\''")
    in_dash = re.sub(r"'+", lambda quotes: f"'\"{quotes.group()}\"'", secret)
    unquoted = re.sub(r"\\(\\?)", r"\1", secret)
    forms = {secret, quoted, f"'{quoted}'", in_dash, unquoted, secret.replace("$", "$$")}
    for shift in range(3):
        shifted = base64.b64encode(b"a" * shift + secret.encode()).decode()[2 * shift :]
        missing = len(shifted) - len(shifted.rstrip("="))
        forms |= {shifted, shifted[: len(shifted) - missing - 1] if missing else shifted}
    return forms
