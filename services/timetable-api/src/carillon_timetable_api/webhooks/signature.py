"""Standard Webhooks (the public specification): symmetric signatures, `v1`."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> bytes:
    """A secret to sign with."""
    return secrets.token_bytes(_SECRET_BYTES)


def shown(secret: bytes) -> str:
    """A secret as its subscriber is told of it, once."""
    return _PREFIX + base64.b64encode(secret).decode()


def headers(message_id: str, timestamp: int, body: bytes, secrets_in_use: Sequence[bytes]) -> dict[str, str]:
    """The headers of one try; `timestamp` is Unix seconds of the try. While a secret is replaced both sign."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [
        "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in secrets_in_use
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
        "Content-Type": "application/json",
    }
