"""What a portal can put in the way beside a refusal (:mod:`carillon_pronote.errors` has that and the changed page).

None of these is mended by trying again at once, and nothing here ever does.
"""

from carillon_pronote.errors import PronoteError


class EntUnavailableError(PronoteError):
    """The portal is closed for maintenance, or answers with a server error; trying later may help."""

    code = 111
    french = "L'espace numérique de travail (ENT) est indisponible pour le moment : réessayez plus tard."
    english = "The regional portal (ENT) is not available for now: try again later."


class EntCaptchaError(PronoteError):
    """The portal wants to see a person: it shows a captcha."""

    code = 112
    french = "L'ENT demande une vérification (captcha) : connectez-vous une fois avec un navigateur, puis réessayez."
    english = "The portal (ENT) shows a captcha: sign in once with a browser, then try again later."


class EntCharterError(PronoteError):
    """The portal shows a charter or conditions to accept; only the person may do that."""

    code = 113
    french = "L'ENT présente une charte à accepter : connectez-vous une fois avec un navigateur pour la lire."
    english = "The portal (ENT) shows a charter to accept: sign in once with a browser to read it."


class EntFormExpiredError(PronoteError):
    """The portal says that its form was too old when it came back; the password has not been judged."""

    code = 114
    french = "Le formulaire de l'ENT a expiré avant la réponse : recommencez la connexion."
    english = "The portal's (ENT) form expired before the answer: start the sign-in again."


class EntAddressRefusedError(PronoteError):
    """The portal leads to an address that may not be visited: without TLS, or endless."""

    code = 115
    french = "L'ENT renvoie vers une adresse non chiffrée, ou tourne en rond."
    english = "The portal (ENT) leads to an unencrypted address, or in circles."
