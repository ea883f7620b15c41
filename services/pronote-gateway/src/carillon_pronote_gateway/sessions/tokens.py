"""What a signed-in caller shows: 256 random bits, of which only a digest is kept."""

import hashlib
import secrets


def new_token() -> str:
    """A token of 256 random bits, for URLs and headers."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Under what a token's session is kept: SHA-256 in hex.

    A lookup by digest tells nothing about a token by its duration, since a digest cannot be chosen.
    """
    return hashlib.sha256(token.encode()).hexdigest()
