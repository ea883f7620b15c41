"""The errors a Pronote server answers with (facts: PROTOCOL.md §7)."""

from typing import Any


class PronoteError(Exception):
    """An `Erreur` object; `kind` is its member `G`, and the session does not advance."""

    def __init__(self, kind: int, title: str, message: str) -> None:
        super().__init__(f"{kind}: {title}")
        self.kind = kind
        self.title = title
        self.message = message

    def as_json(self) -> dict[str, Any]:
        """All three members, always: pronote-api reads the two texts without looking whether they are there."""
        return {"Erreur": {"G": self.kind, "Titre": self.title, "Message": self.message}}


def page_expired(kind: int = 8) -> PronoteError:
    """The session is unknown, too old, or was used out of order."""
    numbers = {8: 1, 11: 4, 14: 7}
    title = f"La page a expiré ! ({numbers[kind]})" if kind in numbers else "La page a expiré !"
    return PronoteError(kind, title, "Votre session a expiré, veuillez vous reconnecter.")


def access_denied() -> PronoteError:
    """The account may not use this function, or has a sign-in step to finish first."""
    return PronoteError(3, "Accès refusé", "Vous n'êtes pas autorisé à effectuer cette action.")


def page_unavailable(function: str) -> PronoteError:
    """The server does not know the function or cannot read its data."""
    return PronoteError(21, "Impossible d'afficher la page", f"La page demandée n'est pas disponible ({function}).")


def foreign_object() -> PronoteError:
    """An object number belongs to another session."""
    return PronoteError(22, "Objet inconnu", "La ressource demandée n'existe pas dans cette session.")


def too_many_requests() -> PronoteError:
    """The rate limit."""
    return PronoteError(
        25, "Trop de demandes", "Vous avez dépassé le nombre d'autorisations, veuillez patienter avant de recommencer."
    )
