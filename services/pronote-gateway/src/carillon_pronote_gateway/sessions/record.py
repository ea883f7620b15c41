"""What is kept of a session: a record that changes rarely, and its place, which changes with every request.

The record's keys, cookies and names are sealed. In clear stand only keyed digests of the account and the host (to
count sessions) and times.
"""

import base64
import hashlib
import hmac
import json
from typing import Any, Literal

from carillon_kit.sealing import Sealer
from pydantic import BaseModel, ConfigDict, SecretStr


class Remembered(BaseModel):
    """A Pronote token that the user allowed to keep, to sign in again with."""

    username: str
    token: SecretStr
    device: dict[str, Any]


class Secrets(BaseModel):
    """The sealed part; `state` is what the client's session exports."""

    model_config = ConfigDict(ser_json_temporal="iso8601")

    state: dict[str, Any]
    remembered: Remembered | None = None

    def dump(self) -> bytes:
        """As JSON, the remembered token included."""
        remembered = self.remembered
        kept = remembered and {**remembered.model_dump(), "token": remembered.token.get_secret_value()}
        return json.dumps({"state": self.state, "remembered": kept}, separators=(",", ":")).encode()


class Record(BaseModel):
    """A session as the bucket keeps it. Times are seconds since 1970."""

    format: Literal[1] = 1
    account: str
    host: str
    created: float
    kept_alive: bool = False
    publish: bool = False
    sealed: str = ""


class Place(BaseModel):
    """Who uses a session until when, and which number its next request has.

    `session` is Pronote's number, so that a place is never taken for that of an earlier sign-in.
    """

    owner: str | None = None
    until: float = 0.0
    used: float = 0.0
    session: int = 0
    order: int = 1


def key_of_labels(keys: SecretStr) -> bytes:
    """A key for digests that are to be compared, made of the key that seals."""
    return hashlib.sha256(b"labels " + base64.b64decode(keys.get_secret_value().split(",")[0].strip())).digest()


def label(key: bytes, *words: str) -> str:
    """A keyed digest, so that what it stands for cannot be guessed from the bucket."""
    return hmac.new(key, "\n".join(words).encode(), hashlib.sha256).hexdigest()[:24]


def seal(sealer: Sealer, record: Record, secrets: Secrets, digest: str) -> Record:
    """The record with its secrets sealed for this session alone."""
    return record.model_copy(update={"sealed": sealer.seal(secrets.dump(), f"session {digest}")})


def unsealed(record: Record) -> Record:
    """The record without its secrets, which are most of it."""
    return record.model_copy(update={"sealed": ""})


def unseal(sealer: Sealer, record: Record, digest: str) -> Secrets:
    """Read the secrets; SealBrokenError if they cannot be read."""
    return Secrets.model_validate_json(sealer.open(record.sealed, f"session {digest}"))
