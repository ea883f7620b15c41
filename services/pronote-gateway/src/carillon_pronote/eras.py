"""Which names and flags a Pronote version uses on the wire (PROTOCOL.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

Version = tuple[int, ...]

NEW_INNER_NAMES: Version = (2024, 3, 9)
NEW_OUTER_NAMES: Version = (2025, 1, 3)
RSA_ONLY_WITHOUT_TLS: Version = (2023,)


@dataclass(frozen=True, slots=True)
class Era:
    """The wire names of one range of versions.

    Attributes:
        function, order, body: members around a request (``nom`` or ``id``, …).
        data, signature: members inside its body.
        keep_alive: the function that keeps a session alive.
        upload: multipart fields of an upload: order, session, function, file id, md5.
        flags_enable: ``CrA`` and ``CoA`` switch AES and compression on; before, ``sCrA`` and ``sCoA`` switch them off.
        names_device: Identification carries ``informationsAppareil``.
    """

    name: str
    function: str
    order: str
    body: str
    data: str
    signature: str
    keep_alive: str
    upload: tuple[str, str, str, str, str]
    flags_enable: bool
    names_device: bool


UNTIL_2024_3_8 = Era(
    name="until 2024.3.8",
    function="nom",
    order="numeroOrdre",
    body="donneesSec",
    data="donnees",
    signature="_Signature_",
    keep_alive="Presence",
    upload=("numeroOrdre", "numeroSession", "nomRequete", "idFichier", "md5"),
    flags_enable=False,
    names_device=False,
)
FROM_2024_3_9 = replace(
    UNTIL_2024_3_8, name="2024.3.9 to 2025.0", data="data", signature="Signature", keep_alive="Navigation"
)
FROM_2025_1_3 = replace(
    FROM_2024_3_9,
    name="2025.1.3 and later",
    function="id",
    order="no",
    body="dataSec",
    upload=("u_no", "u_ns", "u_idR", "u_idF", "u_md5"),
    flags_enable=True,
    names_device=True,
)
ERAS = {era.name: era for era in (UNTIL_2024_3_8, FROM_2024_3_9, FROM_2025_1_3)}


def era_of(version: Version) -> Era:
    """Return the era of a version such as (2025, 2, 8)."""
    if version >= NEW_OUTER_NAMES:
        return FROM_2025_1_3
    return FROM_2024_3_9 if version >= NEW_INNER_NAMES else UNTIL_2024_3_8


def guess_version(start: Mapping[str, object]) -> Version:
    """Guess a version from the members of Start() when the page does not print one; () means "a recent one"."""
    if "MR" in start:
        return (2022,)
    return (2023,) if "sCrA" in start or "sCoA" in start or "poll" in start else ()
