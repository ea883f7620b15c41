"""A challenge of either style is solved for any credentials."""

import pytest
from carillon_pronote import crypto
from hypothesis import given
from hypothesis import strategies as st

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
ivs = st.binary(min_size=16, max_size=16).map(crypto.derive)
plain_texts = st.text("0123456789ABCDEF", min_size=8, max_size=64)
old_versions = st.sampled_from([(2022, 0, 24), (2023, 0, 1), (2024, 3, 9), (2025, 2, 8), (2026, 2, 4), ()])


def wrapped(text: str) -> str:
    """Junk after each character."""
    return "".join(f"{character}Z" for character in text)


@given(st.tuples(words, words, words), ivs, plain_texts, old_versions)
def test_the_old_style_gives_back_what_was_wrapped(credentials, iv, real, version):
    key = crypto.login_key(*credentials)
    challenge = crypto.encrypt_text(wrapped(real), key, iv)
    answer = crypto.answer_challenge(challenge, key, iv, version)
    assert crypto.decrypt_text(answer, key, iv) == real


@given(st.tuples(words, words, words), ivs, st.binary(min_size=16, max_size=16), st.booleans())
def test_the_new_style_gives_back_the_very_text_received(credentials, iv, challenge, upper):
    key = crypto.login_key(*credentials)
    text = challenge.hex().upper() if upper else challenge.hex()
    assert crypto.decrypt_text(crypto.answer_challenge(text, key, iv, (2026, 2, 5)), key, iv) == text


@given(words, words, ivs, st.binary(min_size=1, max_size=32))
def test_the_session_key_comes_back(username, password, iv, material):
    key = crypto.login_key(username, password)
    cle = crypto.encrypt_text(",".join(str(byte) for byte in material), key, iv)
    assert crypto.session_key(cle, key, iv) == crypto.derive(material)


def test_another_password_is_noticed_or_gives_another_answer():
    iv = crypto.derive(b"iv")
    right, wrong = crypto.login_key("demo", "right"), crypto.login_key("demo", "wrong")
    challenge = crypto.encrypt_text(wrapped("0123456789ABCDEF" * 2), right, iv)
    with pytest.raises(ValueError):
        crypto.answer_challenge(challenge, wrong, iv, (2025, 2, 8))


def test_a_portal_leaves_the_name_out_of_the_key():
    assert crypto.login_key("anybody", "secret", portal=True) == crypto.login_key("", "secret")


@given(st.text(max_size=300))
def test_a_compressed_request_holds_the_hex_of_its_text(text):
    import zlib

    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert bytes.fromhex(zlib.decompress(crypto.deflate_request(text), -15).decode()).decode() == text
