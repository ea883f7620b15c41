"""Pronote's ciphers, as pure functions (PROTOCOL.md §2 and §6): AES-128-CBC, the login key, challenges, RSA, deflate.

Keys and initialisation vectors here are the 16 bytes AES takes, not the material they are made from.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping

from Crypto.Cipher import AES, PKCS1_v1_5
from Crypto.PublicKey import RSA
from Crypto.Util.Padding import pad, unpad

BLOCK = 16
NO_IV = bytes(BLOCK)
EMPTY_KEY = hashlib.md5(b"", usedforsecurity=False).digest()
RAW_CHALLENGE_SINCE = (2026, 2, 5)

# Public modulus of every Pronote since July 2023 when the page is served without TLS; its private half is Pronote's.
RSA_MODULUS = (
    "B99B77A3D72D3A29B4271FC7B7300E2F791EB8948174BE7B8024667E915446D4EEA0C2424B8D1EBF7E2DDFF94691C6E994E839225C627D14"
    "0A8F1146D1B0B5F18A09BBD3D8F421CA1E3E4796B301EEBCCF80D81A32A1580121B8294433C38377083C5517D5921E8A078CDC019B157752"
    "92EFDA2C30251B1CCABE812386C893E5"
)
RSA_EXPONENT = "10001"


def derive(material: bytes) -> bytes:
    """Return the 16 bytes AES takes for key or iv material: its MD5."""
    return hashlib.md5(material, usedforsecurity=False).digest()


def encrypt(data: bytes, key: bytes, iv: bytes = NO_IV) -> bytes:
    """Encrypt bytes, PKCS#7 padded."""
    cipher: bytes = AES.new(key, AES.MODE_CBC, iv).encrypt(pad(data, BLOCK))
    return cipher


def decrypt(data: bytes, key: bytes, iv: bytes = NO_IV) -> bytes:
    """Decrypt bytes and take the padding off.

    Raises:
        ValueError: the length or the padding is wrong: another key, or no cipher text.
    """
    plain: bytes = unpad(AES.new(key, AES.MODE_CBC, iv).decrypt(data), BLOCK)
    return plain


def encrypt_text(text: str, key: bytes, iv: bytes = NO_IV) -> str:
    """Encrypt text; lower-case hex, as the official client sends it."""
    return encrypt(text.encode(), key, iv).hex()


def decrypt_text(cipher: str, key: bytes, iv: bytes = NO_IV) -> str:
    """Decrypt hex of either case to text.

    Raises:
        ValueError: not hex, or another key.
    """
    return decrypt(bytes.fromhex(cipher), key, iv).decode()


def login_key(username: str, secret: str, alea: str = "", *, portal: bool = False) -> bytes:
    """Derive the key of challenges and of ``cle`` from a name and a password, token or portal secret.

    The caller has lower-cased what ``modeCompLog`` and ``modeCompMdp`` ask for; ``portal`` leaves the name out.
    """
    digest = hashlib.sha256((alea + secret).encode()).hexdigest().upper()
    return derive((("" if portal else username) + digest).encode())


def answer_challenge(challenge: str, key: bytes, iv: bytes, version: tuple[int, ...] = ()) -> str:
    """Answer Identification's challenge in whichever of the two styles it is (§6.3).

    Until 2026.2.4 it is the cipher text of a random text with a junk character after each of its own; from 2026.2.5
    it is the hex of 16 random bytes, encrypted as the very text received. The length tells; the version settles the
    rest.

    Raises:
        ValueError: the old style does not decrypt: almost always a wrong name or password.
    """
    cipher = bytes.fromhex(challenge)
    known_new = version >= RAW_CHALLENGE_SINCE
    if len(cipher) == BLOCK and (known_new or not version):
        return encrypt_text(challenge, key, iv)
    try:
        real = decrypt(cipher, key, iv).decode()[::2]
    except ValueError:
        if len(cipher) == BLOCK or known_new:
            return encrypt_text(challenge, key, iv)
        raise
    return encrypt_text(real, key, iv)


def session_key(cle: str, key: bytes, iv: bytes) -> bytes:
    """Read the session's AES key from Authentification's ``cle``: encrypted "12,250,…", one decimal number a byte.

    Raises:
        ValueError: ``cle`` does not decrypt to such a list.
    """
    return derive(bytes(int(number) for number in decrypt_text(cle, key, iv).split(",")))


def announce_iv(iv_material: bytes, rsa: tuple[str, str] | None) -> str:
    """Write FonctionParametres' ``Uuid``: the iv material in base64, RSA-encrypted first when a key is given.

    Args:
        iv_material: the client's 16 random bytes.
        rsa: modulus and exponent in hex, or None over TLS.
    """
    if rsa is not None:
        public = RSA.construct((int(rsa[0], 16), int(rsa[1], 16)))
        iv_material = PKCS1_v1_5.new(public).encrypt(iv_material)
    return base64.b64encode(iv_material).decode()


def deflate_request(text: str) -> bytes:
    """Compress a request body: raw deflate of the *hex* of the UTF-8 text (answers are not hexed: asymmetric)."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(text.encode().hex().encode()) + compressor.flush()


def inflate_answer(data: bytes, largest: int) -> bytes:
    """Expand an answer body (raw deflate of the JSON text), never to more than ``largest`` bytes.

    Raises:
        ValueError: not deflate, cut short, or larger than allowed.
    """
    expander = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        text = expander.decompress(data, largest)
    except zlib.error as error:
        raise ValueError(f"not a deflate stream ({error})") from None
    if not expander.eof:
        raise ValueError("the compressed answer is cut short" if not expander.unconsumed_tail else "answer too large")
    return text


def file_reference(entity: Mapping[str, object], key: bytes, iv: bytes) -> str:
    """Write the signed part of a file's address (§10): its entity as compact JSON under the session key."""
    return encrypt_text(json.dumps(entity, separators=(",", ":"), ensure_ascii=False), key, iv)
