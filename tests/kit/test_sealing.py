"""Secrets at rest can be read with the key and for their owner only, also after the key was changed."""

import pytest
from carillon_kit.sealing import SealBrokenError, Sealer, new_key
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr


def sealer(*keys: str) -> Sealer:
    return Sealer(SecretStr(",".join(keys)))


OLD, NEW = new_key(), new_key()


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_can_be_opened(secret: bytes, owner: str) -> None:
    sealed = sealer(OLD).seal(secret, owner)
    assert sealer(OLD).open(sealed, owner) == secret


def test_after_a_new_key_the_old_seals_still_open_and_new_ones_are_under_the_new_key() -> None:
    sealed = sealer(OLD).seal(b"secret", "a")
    both = sealer(NEW, OLD)
    assert both.open(sealed, "a") == b"secret"
    assert sealer(NEW).open(both.seal(b"secret", "a"), "a") == b"secret"


@pytest.mark.parametrize(
    "damage", [lambda s: s[:-6] + "AAAA==", lambda s: "0" * 8 + s[8:], lambda _: "", lambda s: s[:12]]
)
def test_what_is_damaged_is_refused(damage) -> None:
    with pytest.raises(SealBrokenError):
        sealer(OLD).open(damage(sealer(OLD).seal(b"secret", "a")), "a")


def test_another_owner_s_secret_is_refused() -> None:
    with pytest.raises(SealBrokenError):
        sealer(OLD).open(sealer(OLD).seal(b"secret", "a"), "b")


@pytest.mark.parametrize("key", ["", "short", "c2hvcnQ="])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        sealer(key)
