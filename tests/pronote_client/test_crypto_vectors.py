"""The ciphers give the published vectors."""

import pytest
from carillon_pronote import crypto
from carillon_pronote.credentials import read_qr_code
from carillon_pronote.errors import ProtocolError, WrongPinError


@pytest.fixture(scope="module")
def iv(vectors):
    return crypto.derive(bytes.fromhex(vectors["iv_raw_hex"]))


@pytest.fixture(scope="module")
def login_key(vectors):
    login = vectors["login"]
    return crypto.login_key(login["username"], login["password"], login["alea"])


@pytest.fixture(scope="module")
def key(vectors, login_key, iv):
    return crypto.session_key(vectors["session_key"]["cle"], login_key, iv)


def test_the_iv_is_announced_in_base64(vectors):
    assert crypto.announce_iv(bytes.fromhex(vectors["iv_raw_hex"]), None) == vectors["uuid_https"]


def test_order_numbers(vectors, iv):
    assert crypto.encrypt_text("1", crypto.EMPTY_KEY) == vectors["order_1_zero_iv_empty_key"]
    assert crypto.encrypt_text("3", crypto.EMPTY_KEY, iv) == vectors["order_3"]
    assert crypto.encrypt_text("5", crypto.EMPTY_KEY, iv) == vectors["order_5"]
    assert crypto.decrypt_text(vectors["order_reply_2"], crypto.EMPTY_KEY, iv) == "2"


def test_the_login_key(vectors, login_key):
    assert login_key.hex() == vectors["login"]["aes_key_md5_hex"]


def test_the_raw_challenge_of_2026_2_5(vectors, login_key, iv):
    challenge = vectors["challenge_raw_2026_2_5"]
    assert crypto.answer_challenge(challenge["challenge"], login_key, iv, (2026, 2, 5)) == challenge["answer"]
    assert crypto.answer_challenge(challenge["challenge"], login_key, iv) == challenge["answer"]


def test_the_wrapped_challenge_until_2026_2_4(vectors, login_key, iv):
    challenge = vectors["challenge_alea_until_2026_1"]
    for version in ((2022, 0, 24), (2025, 2, 8), (2026, 2, 4), ()):
        assert crypto.answer_challenge(challenge["challenge"], login_key, iv, version) == challenge["answer"]


def test_the_session_key(vectors, key):
    assert key.hex() == vectors["session_key"]["aes_key_md5_hex"]


def test_a_request_body(vectors, key, iv):
    body = vectors["request_body"]
    assert crypto.encrypt(crypto.deflate_request(body["inner"]), key, iv).hex() == body["encrypted_with_session_key"]


def test_an_answer_body(vectors, key, iv):
    body = vectors["response_body"]
    packed = crypto.decrypt(bytes.fromhex(body["encrypted_with_session_key"]), key, iv)
    assert crypto.inflate_answer(packed, 1000).decode() == body["inner_ascii"]


def test_a_file_reference(vectors, key, iv):
    entity = {"N": "48#abc", "Actif": True}
    assert crypto.file_reference(entity, key, iv) == vectors["file_url"]["hex_official_pawnote"]


def test_a_qr_code(vectors):
    code = {"login": vectors["qr"]["login"], "jeton": vectors["qr"]["jeton"], "url": "https://a.example/pronote/"}
    read = read_qr_code(code, vectors["qr"]["pin"])
    assert (read.username, read.token) == (vectors["qr"]["login_plain"], vectors["qr"]["jeton_plain"])
    with pytest.raises(WrongPinError):
        read_qr_code(code, "9999")
    with pytest.raises(ProtocolError):
        read_qr_code("not json", "1234")


def test_a_two_factor_pin(vectors, key, iv):
    assert crypto.encrypt_text(vectors["pin_2fa"]["pin"], key, iv) == vectors["pin_2fa"]["codePin"]


def test_an_rsa_announcement_is_opened_by_the_private_key():
    import base64

    from Crypto.Cipher import PKCS1_v1_5
    from Crypto.PublicKey import RSA

    private = RSA.generate(2048)
    material = bytes(range(16))
    cipher = base64.b64decode(crypto.announce_iv(material, (f"{private.n:x}", f"{private.e:x}")))
    assert PKCS1_v1_5.new(private).decrypt(cipher, b"") == material


def test_an_answer_that_expands_without_end_is_refused():
    import zlib

    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = compressor.compress(bytes(10_000_000)) + compressor.flush()
    with pytest.raises(ValueError, match="too large"):
        crypto.inflate_answer(bomb, 1_000_000)
    with pytest.raises(ValueError, match="cut short"):
        crypto.inflate_answer(bomb[: len(bomb) // 2], 100_000_000)
