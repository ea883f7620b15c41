"""What can go wrong with Pronote, each kind with its code and a French and an English sentence a person can act on.

``code`` is the number the apps of pronote-api know (-1 and 1 to 7) where such a one exists; the kinds pronote-api
does not tell apart have codes from 100 on. No message ever holds a password, a token or a PIN.
"""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from carillon_pronote.two_factor import TwoFactorPending


class PronoteError(Exception):
    """Any failure of the Pronote client; -1 is also what an error of the server without a kind of its own gets.

    Attributes:
        code: the number for programs.
        french: one sentence for the person, in French.
        english: the same in English.
        detail: what was met, for the log (never a secret); empty when the sentence says it all.
    """

    code: ClassVar[int] = -1
    french: str = "Pronote a répondu par une erreur."
    english: str = "Pronote answered with an error."

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(f"{self.english} ({detail})" if detail else self.english)


class EntUnknownError(PronoteError):
    """The name of the regional portal (ENT) is not one the client knows."""

    code = 1
    french = "Cet espace numérique de travail (ENT) n'est pas connu : vérifiez son nom dans la liste."
    english = "This regional portal (ENT) is not known: check its name in the list."


class SuspendedAddressError(PronoteError):
    """Pronote refuses this machine's IP address for a while, after too many failed sign-ins."""

    code = 2
    french = "Pronote a suspendu provisoirement l'adresse IP de ce serveur : réessayez plus tard."
    english = "Pronote has suspended this server's IP address for a while: try again later."


class WrongCredentialsError(PronoteError):
    """User name or password (or token, or QR code) refused."""

    code = 3
    french = "Identifiant ou mot de passe refusé : vérifiez-les et réessayez."
    english = "User name or password refused: check them and try again."


class UnknownAccountError(PronoteError):
    """The kind of account asked for does not exist."""

    code = 4
    french = "Ce type de compte n'existe pas : choisissez élève, parent, professeur, vie scolaire, accompagnant…"
    english = "This kind of account does not exist: choose pupil, parent, teacher, school life, attendant…"


class SessionExpiredError(PronoteError):
    """The session has ended at Pronote (no activity for too long, or an error); sign in again."""

    code = 5
    french = "La session Pronote a expiré : reconnectez-vous."
    english = "The Pronote session has expired: sign in again."


class RateLimitedError(PronoteError):
    """Too many requests; Pronote asks to wait. ``retry_after_seconds`` says how long the client itself will wait."""

    code = 6
    french = "Pronote a reçu trop de demandes : attendez quelques minutes avant de réessayer."
    english = "Pronote has received too many requests: wait a few minutes before you try again."

    def __init__(self, detail: str = "", retry_after_seconds: float | None = None) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(detail)


class SiteClosedError(PronoteError):
    """The school has closed its Pronote site (summer, maintenance)."""

    code = 7
    french = "Le site Pronote de l'établissement est fermé pour le moment."
    english = "The school's Pronote site is closed for now."


class SiteBusyError(PronoteError):
    """The site is momentarily unavailable (busy, restarting); trying again later is worth it."""

    code = 100
    french = "Le site Pronote est momentanément indisponible : réessayez dans quelques minutes."
    english = "The Pronote site is momentarily unavailable: try again in a few minutes."


class UnreachableError(PronoteError):
    """No answer: name not found, connection refused, time-out, or cut in the middle."""

    code = 101
    french = "Le serveur Pronote ne répond pas : vérifiez l'adresse, ou réessayez plus tard."
    english = "The Pronote server does not answer: check the address, or try again later."


class AccessRefusedError(PronoteError):
    """The account may not use this page (tab not offered, access denied)."""

    code = 102
    french = "Ce compte n'a pas le droit d'ouvrir cette page de Pronote."
    english = "This account may not open this Pronote page."


class SignInRefusedError(PronoteError):
    """The credentials may be right, but Pronote refuses the account.

    Attributes:
        reason: Pronote's number (``Acces``): 2 no authorisation, 3 class connection, 4 no resource, 5 connection,
            6 pupil blocked, 7 and 8 attendant without function or pupil, 9 own message, 10 account disabled.
        message: the school's own sentence where it gave one, else "".
    """

    code = 103
    french = "Pronote refuse ce compte : adressez-vous à l'établissement."
    english = "Pronote refuses this account: ask the school."

    def __init__(self, reason: int, message: str = "") -> None:
        self.reason = reason
        self.message = message
        super().__init__(f"Acces {reason}{': ' + message if message else ''}")


class TwoFactorNeededError(PronoteError):
    """Pronote asks for a second step and the caller has not given what it needs.

    Attributes:
        actions: Pronote's action numbers (0 password, 1 strategy, 2 choose PIN, 3 enter PIN, 4 new PIN, 5 device).
        pending: the open sign-in (``TwoFactorPending``), to be finished with what is missing.
    """

    code = 104
    french = "Pronote demande une double authentification : donnez le code PIN et un nom d'appareil."
    english = "Pronote asks for two-factor authentication: give the PIN and a device name."

    def __init__(self, actions: tuple[int, ...], detail: str = "", pending: "TwoFactorPending | None" = None) -> None:
        self.actions = actions
        self.pending = pending
        super().__init__(detail or f"actions {list(actions)}")


class WrongPinError(PronoteError):
    """The PIN (of the QR code, or of two-factor authentication) is not the right one."""

    code = 105
    french = "Le code PIN n'est pas le bon."
    english = "The PIN is not the right one."


class EntChangedError(PronoteError):
    """A portal's page is not the one its description tells: the portal has changed, or is being mended.

    Attributes:
        step: which step of the portal's flow, in words ("login form of cas.example.fr").
        expected: what should have been there ("an input with id username").
    """

    code = 106
    french = "L'espace numérique de travail (ENT) a changé : ce mode de connexion est à mettre à jour."
    english = "The regional portal (ENT) has changed: this way to sign in must be brought up to date."

    def __init__(self, step: str, expected: str) -> None:
        self.step = step
        self.expected = expected
        super().__init__(f"at {step}: expected {expected}")


class ProtocolError(PronoteError):
    """A page or answer that is not understood.

    Attributes:
        era: the Pronote version met, "" when even that is unknown.
        found: what was there instead, in a few words (never personal data).
    """

    code = 107
    french = "La réponse de Pronote n'est pas comprise : cette version n'est peut-être pas encore prise en charge."
    english = "Pronote's answer is not understood: this version may not be supported yet."

    def __init__(self, found: str, era: str = "") -> None:
        self.era = era
        self.found = found
        super().__init__(f"{'version ' + era + ': ' if era else ''}{found}")


class NoAddressError(ProtocolError):
    """What was given as the address of a school's Pronote is no http(s) address."""

    code = 116
    french = "Ce n'est pas l'adresse d'un Pronote : écrivez-la comme https://0000000x.example.fr/pronote/."
    english = "This is no address of a Pronote: write it as https://0000000x.example.fr/pronote/."

    def __init__(self) -> None:
        super().__init__("")


class ExpiredObjectError(PronoteError):
    """An object number of an earlier session was used (numbers live as long as their session); read the page again."""

    code = 108
    french = "Cet élément vient d'une session précédente : relisez la page avant de l'utiliser."
    english = "This item comes from an earlier session: read its page again before using it."


class UploadRefusedError(PronoteError):
    """A file was not taken: too large for the account, or refused by the server."""

    code = 109
    french = "Pronote n'a pas accepté le fichier : vérifiez sa taille."
    english = "Pronote did not take the file: check its size."


class NotPublishedError(PronoteError):
    """The page exists but the school has not published its content (a report, an iCal address)."""

    code = 110
    french = "L'établissement n'a pas publié cet élément."
    english = "The school has not published this."
