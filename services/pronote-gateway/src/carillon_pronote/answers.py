"""Recognises the errors inside an answer of Pronote (PROTOCOL.md §7)."""

from collections.abc import Mapping
from typing import Any

from carillon_pronote.errors import (
    AccessRefusedError,
    ExpiredObjectError,
    PronoteError,
    RateLimitedError,
    SessionExpiredError,
    SuspendedAddressError,
)

_BY_NUMBER: dict[int, type[PronoteError]] = {
    3: AccessRefusedError,
    8: SessionExpiredError,
    10: SessionExpiredError,
    11: SessionExpiredError,
    14: SessionExpiredError,
    22: ExpiredObjectError,
    25: RateLimitedError,
}
_BY_TEXT: tuple[tuple[str, type[PronoteError]], ...] = (
    ("La page a expir", SessionExpiredError),
    ("Vous avez dépassé le nombre", RateLimitedError),
    ("Votre adresse IP", SuspendedAddressError),
    ("Accès refusé", AccessRefusedError),
)
LONGEST_DETAIL = 200  # characters of the server's own sentence that are kept


def check_error_object(answer: Mapping[str, Any]) -> None:
    """Raise what an ``Erreur`` member says.

    Raises:
        PronoteError: the kind its text tells, else its number ``G``, else the plain kind.
    """
    error = answer.get("Erreur")
    if error is None:
        return
    if not isinstance(error, dict):
        raise PronoteError(str(error)[:LONGEST_DETAIL])
    sentence = " - ".join(str(error[part]) for part in ("Titre", "Message") if error.get(part))
    detail = f"G {error.get('G')}: {sentence}"[:LONGEST_DETAIL]
    for text, kind in _BY_TEXT:
        if text in sentence:
            raise kind(detail)
    number = error.get("G")
    raise (_BY_NUMBER.get(number, PronoteError) if isinstance(number, int) else PronoteError)(detail)


def check_signature(body: Mapping[str, Any]) -> None:
    """Raise what an answer's signature says went wrong.

    Raises:
        PronoteError: ``Signature.Erreur`` is there.
    """
    signature = body.get("Signature", body.get("_Signature_"))
    if isinstance(signature, dict) and signature.get("Erreur"):
        raise PronoteError(str(signature.get("MessageErreur", ""))[:LONGEST_DETAIL])
    report = body.get("RapportSaisie")
    if isinstance(report, dict) and report.get("_erreurSaisie_"):
        raise PronoteError(str(report.get("_messagesErreur_", "not saved"))[:LONGEST_DETAIL])
