"""The ciphers give what the published vectors say, and undo what clients do."""

import json
import zlib

import pytest
from carillon_pronote_simulator import ciphers
from carillon_pronote_simulator.typed import ranges, read_datetime, read_numbers
from Crypto.Util.Padding import pad
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def vectors(pronote_samples) -> dict:
    return json.loads((pronote_samples / "crypto_vectors.json").read_text())


@pytest.fixture
def iv(vectors) -> bytes:
    return bytes.fromhex(vectors["iv_raw_hex"])


@pytest.fixture
def key(vectors) -> bytes:
    return bytes(map(int, vectors["session_key"]["cle_plain"].split(",")))


def test_order_numbers(vectors, iv):
    assert ciphers.encrypt(b"1", b"", b"") == vectors["order_1_zero_iv_empty_key"]
    for number, name in ((2, "order_reply_2"), (3, "order_3"), (5, "order_5")):
        assert ciphers.encrypt(str(number).encode(), b"", iv) == vectors[name]
        assert ciphers.decrypt(vectors[name].upper(), b"", iv) == str(number).encode()


def test_the_iv_of_a_client(vectors, iv):
    assert ciphers.read_iv(vectors["uuid_https"], ciphered=False) == iv


def test_the_key_of_a_login_and_of_a_session(vectors, iv, key):
    login = vectors["login"]
    material = ciphers.login_key(login["username"], login["password"], login["alea"], from_portal=False)
    assert material.decode() == login["key_material"]
    assert ciphers.byte_list(key).decode() == vectors["session_key"]["cle_plain"]
    assert ciphers.encrypt(ciphers.byte_list(key), material, iv) == vectors["session_key"]["cle"]


def test_both_kinds_of_challenge(vectors, iv):
    material = vectors["login"]["key_material"].encode()
    raw = vectors["challenge_raw_2026_2_5"]
    assert ciphers.encrypt(raw["challenge"].encode(), material, iv) == raw["answer"]
    old = vectors["challenge_alea_until_2026_1"]
    assert ciphers.encrypt(old["wrapped"].encode(), material, iv) == old["challenge"]
    assert ciphers.encrypt(old["plain"].encode(), material, iv) == old["answer"]
    assert (
        ciphers.encrypt(old["challenge"].upper().encode(), material, iv)
        == old["answer_if_client_treats_it_as_raw_uppercase"]
    )
    assert ciphers.interleave_noise(old["plain"])[::2] == old["plain"]


def test_bodies(vectors, iv, key):
    request, response = vectors["request_body"], vectors["response_body"]
    inner = json.loads(request["inner"])
    sealed = request["encrypted_with_session_key"]
    assert ciphers.unpack_request(sealed, encrypted=True, compressed=True, key=key, iv=iv) == inner
    deflated = request["deflated_hex"]
    assert ciphers.unpack_request(deflated, encrypted=False, compressed=True, key=key, iv=iv) == inner
    answer = json.loads(response["inner_ascii"])
    packed = ciphers.pack_answer(answer, encrypted=True, compressed=True, key=key, iv=iv)
    for sealed_answer in (packed, response["encrypted_with_session_key"]):
        plain = zlib.decompress(ciphers.decrypt(sealed_answer, key, iv), -15)
        assert plain.decode("ascii") == response["inner_ascii"]


def test_files_are_padded_once_or_twice(vectors, iv, key):
    file = vectors["file_url"]
    for name in ("hex_official_pawnote", "hex_pronotepy_double_pad"):
        assert ciphers.decrypt_file_reference(file[name], key, iv).decode() == file["json"]


def test_qr_codes_and_pins(vectors, iv, key):
    qr, second = vectors["qr"], vectors["pin_2fa"]
    for name in ("login", "jeton"):
        assert ciphers.encrypt(qr[f"{name}_plain"].encode(), qr["pin"].encode(), b"").upper() == qr[name]
    assert ciphers.decrypt(second["codePin"], key, iv).decode() == second["pin"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.booleans(), st.booleans(), st.binary(max_size=20))
def test_whatever_a_client_sends_is_read_back(inner, encrypted, compressed, key):
    iv = bytes(range(16))
    plain = json.dumps(inner).encode()
    if compressed:
        plain = zlib.compress(plain.hex().encode())[2:-4]
    secure = inner if not (encrypted or compressed) else ciphers.encrypt(plain, key, iv) if encrypted else plain.hex()
    assert ciphers.unpack_request(secure, encrypted=encrypted, compressed=compressed, key=key, iv=iv) == inner


@given(st.binary(max_size=200), st.booleans(), st.booleans())
def test_nonsense_is_unreadable_and_nothing_worse(content, encrypted, compressed):
    for secure in (content.hex(), content.decode("latin1"), None, 5, {"x": 1}):
        try:
            read = ciphers.unpack_request(secure, encrypted=encrypted, compressed=compressed, key=b"", iv=b"x" * 16)
        except ciphers.UnreadableError:
            continue
        assert isinstance(read, dict)


@given(st.binary(min_size=1, max_size=64))
def test_a_file_reference_padded_twice_is_read_like_one_padded_once(content):
    once = ciphers.encrypt(content + b"}", b"key", b"iv")
    twice = ciphers.encrypt(pad(content + b"}", 16), b"key", b"iv")
    assert ciphers.decrypt_file_reference(once, b"key", b"iv") == content + b"}"
    assert ciphers.decrypt_file_reference(twice, b"key", b"iv") == content + b"}"


@given(st.sets(st.integers(1, 60)))
def test_sets_of_numbers_survive_writing_and_reading(numbers):
    assert read_numbers({"_T": 8, "V": ranges(numbers)}) == numbers


@pytest.mark.parametrize("text", ["5/9/2026 0:0:0", "05/09/2026 00:00:00", "05/09/2026", {"_T": 7, "V": "5/9/2026"}])
def test_dates_are_read_with_and_without_padding(text):
    assert read_datetime(text).isoformat() == "2026-09-05T00:00:00"


@pytest.mark.parametrize("text", ["31/02/2026", "tomorrow", None, 5])
def test_what_is_no_date_is_none(text):
    assert read_datetime(text) is None
