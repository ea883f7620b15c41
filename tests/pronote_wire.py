"""A small Pronote client for the tests of the simulator: it speaks every era to the letter and checks each answer."""

import base64
import hashlib
import json
import re
import secrets
import zlib
from typing import Any

import httpx
from Crypto.Cipher import AES, PKCS1_v1_5
from Crypto.PublicKey import RSA
from Crypto.Util.Padding import pad, unpad

PASSWORD = "pronotevs"


class ErrorAnswerError(Exception):
    """The server answered with `Erreur`."""

    def __init__(self, error: dict) -> None:
        assert set(error) == {"G", "Titre", "Message"}
        super().__init__(error["Titre"])
        self.kind = error["G"]


def md5(material: bytes) -> bytes:
    return hashlib.md5(material, usedforsecurity=False).digest()


def aes(key: bytes, iv: bytes):
    return AES.new(md5(key), AES.MODE_CBC, md5(iv) if iv else bytes(16))


def seal(plain: bytes, key: bytes, iv: bytes) -> str:
    return aes(key, iv).encrypt(pad(plain, 16)).hex()


def unseal(text: str, key: bytes, iv: bytes) -> bytes:
    return unpad(aes(key, iv).decrypt(bytes.fromhex(text)), 16)


class Wire:
    """One session with a Pronote at `root`."""

    def __init__(self, http: httpx.AsyncClient, root: str = "/pronote", era: str = "2025.2.8") -> None:
        self.http, self.root, self.era = http, root, era
        version = tuple(int(part) for part in era.split("."))
        version += (0,) * (3 - len(version))
        new_outside, new_inside = version >= (2025, 1, 3), version >= (2024, 3, 9)
        self.names = ("id", "no", "dataSec") if new_outside else ("nom", "numeroOrdre", "donneesSec")
        self.inner = ("data", "Signature") if new_inside else ("donnees", "_Signature_")
        self.raw_challenge = version >= (2026, 2, 5)
        self.iv, self.key, self.order = secrets.token_bytes(16), b"", 1
        self.start: dict[str, Any] = {}
        self.parameters: dict[str, Any] = {}
        self.user: dict[str, Any] = {}
        self.sent_iv = False

    async def open(self, page: str = "eleve.html", **query: str) -> httpx.Response:
        """Read the start page."""
        answer = await self.http.get(f"{self.root}/{page}", params=query)
        found = re.search(r"Start \((\{[^}]*\})", answer.text)
        if found is not None:
            text = re.sub(r"([{,])(\w+):", r'\1"\2":', found.group(1)).replace("'", '"')
            self.start = json.loads(text)
            self.encrypted = not self.start.get("sCrA") if self.names[0] == "nom" else bool(self.start.get("CrA"))
            self.compressed = not self.start.get("sCoA") if self.names[0] == "nom" else bool(self.start.get("CoA"))
        return answer

    def packed(self, inner: dict) -> Any:
        if not (self.encrypted or self.compressed):
            return inner
        plain = json.dumps(inner).encode()
        if self.compressed:
            plain = zlib.compress(plain.hex().encode(), 6)[2:-4]
        return seal(plain, self.key, self.used_iv) if self.encrypted else plain.hex()

    def unpacked(self, secure: Any) -> dict:
        if not (self.encrypted or self.compressed):
            assert isinstance(secure, dict)
            return secure
        plain = unseal(secure, self.key, self.used_iv) if self.encrypted else bytes.fromhex(secure)
        if self.compressed:
            plain = zlib.decompress(plain, -15)
        assert plain.isascii()
        return json.loads(plain)

    @property
    def used_iv(self) -> bytes:
        return self.iv if self.sent_iv else b""

    async def post(self, function: str, inner: dict, order: int | None = None) -> httpx.Response:
        """Send a call without looking at the answer."""
        number = seal(str(self.order if order is None else order).encode(), self.key, self.used_iv)
        body = {"session": int(self.start["h"]), self.names[0]: function, self.names[1]: number}
        body[self.names[2]] = self.packed(inner)
        return await self.http.post(
            f"{self.root}/appelfonction/{self.start['a']}/{self.start['h']}/{number}", json=body
        )

    async def call(self, function: str, data: dict | None = None, tab: int | None = None, **signature: Any) -> dict:
        """Send a call, check the envelope of its answer, and give the content of `data`."""
        inner: dict[str, Any] = {} if data is None else {self.inner[0]: data}
        if tab is not None or signature:
            inner[self.inner[1]] = {"onglet": tab, **signature}
        answer = await self.post(function, inner)
        assert answer.status_code == 200
        content = answer.json()
        if "Erreur" in content:
            raise ErrorAnswerError(content["Erreur"])
        self.sent_iv = True
        assert content["session"] == int(self.start["h"])
        assert content[self.names[0]] == function
        assert int(unseal(content[self.names[1]], self.key, self.iv)) == self.order + 1
        self.order += 2
        decoded = self.unpacked(content[self.names[2]])
        self.report = decoded.get("RapportSaisie", {})
        return decoded[self.inner[0]]

    def uuid(self) -> str:
        material = self.iv
        if "MR" in self.start:
            key = RSA.construct((int(self.start["MR"], 16), int(self.start["ER"], 16)))
            material = PKCS1_v1_5.new(key).encrypt(material)
        return base64.b64encode(material).decode()

    async def begin(self, navigator: str | None = None) -> dict:
        self.parameters = await self.call("FonctionParametres", {"Uuid": self.uuid(), "identifiantNav": navigator})
        return self.parameters

    async def authenticate(self, username: str, secret: str, **identification: Any) -> dict:
        """Identification and Authentification; gives the answer of the latter."""
        asked = {"genreConnexion": 0, "genreEspace": int(self.start["a"]), "identifiant": username, "pourENT": False}
        answer = await self.call("Identification", asked | identification)
        portal = identification.get("pourENT", False)
        name = "" if portal else username.lower() if answer["modeCompLog"] else username
        digest = hashlib.sha256((answer.get("alea", "") + secret).encode()).hexdigest().upper()
        key = (name + digest).encode()
        challenge = answer["challenge"].encode()
        assert (len(challenge) == 32) == self.raw_challenge
        if not self.raw_challenge:
            try:
                challenge = unseal(answer["challenge"], key, self.iv).decode()[::2].encode()
            except ValueError:
                challenge = b"cannot be known with the wrong secret"
        proof = {"connexion": 0, "challenge": seal(challenge, key, self.iv), "espace": int(self.start["a"])}
        authenticated = await self.call("Authentification", proof)
        if "cle" in authenticated:
            numbers = unseal(authenticated["cle"], key, self.iv).decode().split(",")
            self.key = bytes(map(int, numbers))
        return authenticated

    async def sign_in(self, username: str = "demonstration", page: str = "eleve.html") -> dict:
        """Everything up to the user's parameters, which it gives."""
        await self.open(page, login="true")
        await self.begin()
        authenticated = await self.authenticate(username, PASSWORD)
        assert "cle" in authenticated
        self.user = await self.call("ParametresUtilisateur")
        return self.user
