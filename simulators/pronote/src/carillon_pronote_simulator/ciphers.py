"""The ciphers of the Pronote protocol as pure functions (facts: PROTOCOL.md §2 and §6.2)."""

import base64
import binascii
import hashlib
import json
import secrets
import zlib
from functools import cache
from typing import Any

from Crypto.Cipher import AES, PKCS1_v1_5
from Crypto.PublicKey import RSA
from Crypto.Util.Padding import pad, unpad

BLOCK = 16


class UnreadableError(ValueError):
    """The received text cannot be deciphered, inflated or parsed."""


def _cipher(key_material: bytes, iv_material: bytes) -> Any:
    # MD5 is what the protocol prescribes for deriving keys.
    key = hashlib.md5(key_material, usedforsecurity=False).digest()
    iv = hashlib.md5(iv_material, usedforsecurity=False).digest() if iv_material else bytes(BLOCK)
    return AES.new(key, AES.MODE_CBC, iv)


def encrypt(plain: bytes, key_material: bytes, iv_material: bytes) -> str:
    """AES-128-CBC with PKCS#7 padding, written in lower-case hexadecimal."""
    return str(_cipher(key_material, iv_material).encrypt(pad(plain, BLOCK)).hex())


def decrypt(text: str, key_material: bytes, iv_material: bytes) -> bytes:
    """The inverse of `encrypt`; accepts both letter cases.

    Raises:
        UnreadableError: the text is not hexadecimal or its padding is wrong.
    """
    try:
        return bytes(unpad(_cipher(key_material, iv_material).decrypt(bytes.fromhex(text)), BLOCK))
    except ValueError as error:
        raise UnreadableError("not a text ciphered with the expected key") from error


def decrypt_file_reference(text: str, key_material: bytes, iv_material: bytes) -> bytes:
    """Decipher the entity of a file address; pronotepy pads it twice, the others once."""
    once = decrypt(text, key_material, iv_material)
    try:
        return bytes(unpad(once, BLOCK))
    except ValueError:
        return once


def pack_answer(inner: dict[str, Any], *, encrypted: bool, compressed: bool, key: bytes, iv: bytes) -> Any:
    """The secure member of an answer: plain object or hexadecimal text.

    The JSON is pure ASCII: the official client and pronote-api decode UTF-8 twice when it is compressed.
    """
    if not encrypted and not compressed:
        return inner
    plain = json.dumps(inner, separators=(",", ":")).encode("ascii")
    if compressed:
        deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        plain = deflater.compress(plain) + deflater.flush()
    return encrypt(plain, key, iv) if encrypted else plain.hex()


def unpack_request(secure: Any, *, encrypted: bool, compressed: bool, key: bytes, iv: bytes) -> dict[str, Any]:
    """The inner object of a request; its compression works on the hexadecimal form of the JSON.

    Raises:
        UnreadableError: the form does not fit the settings of the instance.
    """
    if isinstance(secure, dict) and not encrypted and not compressed:
        return secure
    if not isinstance(secure, str) or not (encrypted or compressed):
        raise UnreadableError("the secure member has not the form the page announced")
    try:
        plain = decrypt(secure, key, iv) if encrypted else bytes.fromhex(secure)
        if compressed:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            plain = bytes.fromhex(inflater.decompress(plain, 16 * 1024 * 1024).decode("ascii"))
        inner = json.loads(plain)
    except (ValueError, zlib.error) as error:
        raise UnreadableError("the secure member cannot be read") from error
    if not isinstance(inner, dict):
        raise UnreadableError("the secure member is not an object")
    return inner


def login_key(username: str, secret: str, alea: str, *, from_portal: bool) -> bytes:
    """Key material shared by both sides at sign-in: user name and hash of the secret."""
    digest = hashlib.sha256((alea + secret).encode()).hexdigest().upper()
    return (("" if from_portal else username) + digest).encode()


def interleave_noise(text: str) -> str:
    """Put one random character behind each character, as the old challenges have it."""
    return "".join(character + secrets.choice("0123456789ABCDEF") for character in text)


def byte_list(key: bytes) -> bytes:
    """A session key as `cle` carries it: decimal numbers separated by commas."""
    return ",".join(map(str, key)).encode()


@cache
def rsa_key() -> Any:
    """The key pair of this process, published by `MR` and `ER` in the oldest profile."""
    return RSA.generate(1024)  # noqa: S505 - the size the protocol uses


def read_iv(uuid: str, *, ciphered: bool) -> bytes:
    """The client's iv material out of `Uuid`.

    Raises:
        UnreadableError: not base64, not our key, or not 16 bytes.
    """
    try:
        # pronote-api breaks the base64 into lines.
        raw = base64.b64decode("".join(uuid.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("Uuid is not base64") from error
    if ciphered:
        try:
            raw = PKCS1_v1_5.new(rsa_key()).decrypt(raw, b"")
        except ValueError as error:
            raise UnreadableError("Uuid is not ciphered with the key of the page") from error
    if len(raw) != BLOCK:
        raise UnreadableError(f"Uuid holds {len(raw)} bytes, not {BLOCK}")
    return raw
