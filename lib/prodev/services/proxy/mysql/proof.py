"""Whether a client knows the proxy's password, in the two ways that clients prove it."""

from __future__ import annotations

import hmac

from pymysql._auth import scramble_caching_sha2, scramble_native_password

NATIVE = b"mysql_native_password"
SHA2 = b"caching_sha2_password"
PROVED = b"\x01\x03"
"""What a client of the second way waits for before the end of its login."""

_SCRAMBLES = {NATIVE: scramble_native_password, SHA2: scramble_caching_sha2}


def way_for(plugin: bytes) -> bytes:
    """Return the way that a client is asked for that speaks this one by itself."""
    return plugin if plugin in _SCRAMBLES else NATIVE


def proves(way: bytes, proof: bytes, password: str, salt: bytes) -> bool:
    """Whether a proof is the one that the password gives for the salt."""
    return hmac.compare_digest(proof, _SCRAMBLES[way](password.encode(), salt))
