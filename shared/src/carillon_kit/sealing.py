"""Secrets at rest: AES-256-GCM under a key of the operator's, who can change it without losing what is stored.

A sealed text is `<key id>.<nonce, ciphertext and tag in base64url>`. What it belongs to (a row's id) is authenticated
with it, so that it cannot be moved to another row.
"""

import base64
import hashlib
import secrets

from Crypto.Cipher import AES
from pydantic import SecretStr

_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_BYTES = 32


class SealBrokenError(Exception):
    """Sealed under a key that is not there any longer, for another owner, or damaged."""


def new_key() -> str:
    """A key as `CARILLON_SECRET_KEYS` takes it."""
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: SecretStr) -> None:
        """Take keys separated by commas, each 32 bytes in base64; ValueError otherwise."""
        self._keys: dict[str, bytes] = {}
        for text in keys.get_secret_value().split(","):
            key = base64.b64decode(text.strip(), validate=True)
            if len(key) != _KEY_BYTES:
                raise ValueError("each of CARILLON_SECRET_KEYS must be 32 bytes in base64: `openssl rand -base64 32`")
            self._keys[hashlib.sha256(key).hexdigest()[:8]] = key
        self._first = next(iter(self._keys))

    def seal(self, secret: bytes, owner: str) -> str:
        """The secret, readable only with the key and together with its owner."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = AES.new(self._keys[self._first], AES.MODE_GCM, nonce=nonce, mac_len=_TAG_BYTES)
        cipher.update(owner.encode())
        ciphertext, tag = cipher.encrypt_and_digest(secret)
        return f"{self._first}.{base64.urlsafe_b64encode(nonce + ciphertext + tag).decode()}"

    def open(self, sealed: str, owner: str) -> bytes:
        """What was sealed; SealBrokenError if it cannot be read."""
        key_id, _, body = sealed.partition(".")
        key = self._keys.get(key_id)
        if key is None:
            raise SealBrokenError(f"sealed under the key {key_id}, which CARILLON_SECRET_KEYS no longer holds")
        try:
            raw = base64.urlsafe_b64decode(body)
            nonce, ciphertext, tag = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:-_TAG_BYTES], raw[-_TAG_BYTES:]
            cipher = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=_TAG_BYTES)
            cipher.update(owner.encode())
            return cipher.decrypt_and_verify(ciphertext, tag)
        except ValueError as error:
            raise SealBrokenError("damaged, or sealed for another owner") from error
