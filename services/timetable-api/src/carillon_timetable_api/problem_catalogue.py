"""Every kind of problem that any of Carillon's services answers with: what it means, and how to mend it."""

from typing import NamedTuple

from carillon_kit.languages import Text


class Explained(NamedTuple):
    """A kind of problem, for people."""

    meaning: Text
    remedy: Text


def _explained(fr: str, en: str, remedy_fr: str, remedy_en: str) -> Explained:
    return Explained(Text(fr, en), Text(remedy_fr, remedy_en))


_OF_EVERY_SERVICE = {
    "not-found": _explained(
        "Pas trouvé",
        "Not found",
        "Rien ne se trouve à cette adresse : vérifiez-la, et prenez les numéros dans les listes.",
        "There is nothing at this address: check it, and take the numbers from the lists.",
    ),
    "method-not-allowed": _explained(
        "Méthode non autorisée",
        "Method not allowed",
        "L’adresse existe, mais pas pour cette méthode HTTP ; l’en-tête Allow donne celles qui conviennent.",
        "The address exists, but not for this HTTP method; the header Allow names those that do.",
    ),
    "invalid-request": _explained(
        "Requête invalide",
        "Invalid request",
        "Un paramètre ou le corps ne peut pas être lu ; le champ errors dit lequel et comment l’écrire.",
        "A parameter or the body cannot be read; the member errors says which one and how to write it.",
    ),
    "too-large": _explained(
        "Requête trop grande",
        "Request too large",
        "Le corps de la requête dépasse un ou deux mégaoctets, selon le service : envoyez-en moins.",
        "The body of the request is larger than one or two megabytes, by service: send less.",
    ),
    "too-many-requests": _explained(
        "Trop de requêtes",
        "Too many requests",
        "Attendez le nombre de secondes de l’en-tête Retry-After ; RateLimit dit à l’avance ce qui reste permis.",
        "Wait for as many seconds as the header Retry-After says; RateLimit tells beforehand what is left.",
    ),
    "internal-error": _explained(
        "Erreur interne du serveur",
        "Internal server error",
        "C’est un défaut de Carillon, noté dans son journal : donnez X-Request-ID à l’opérateur.",
        "This is a defect of Carillon, and it is in its log: give X-Request-ID to the operator.",
    ),
    "unavailable": _explained(
        "Service momentanément indisponible",
        "Service unavailable for the moment",
        "Un service redémarre : réessayez dans quelques secondes.",
        "A service is restarting: try again in a few seconds.",
    ),
    "http": _explained(
        "Erreur HTTP",
        "HTTP error",
        "Le code de la réponse dit tout ce qui est connu.",
        "The status code of the answer says all that is known.",
    ),
}
_OF_TIMETABLES = {
    "invalid-page": _explained(
        "Page non valide",
        "Invalid page",
        "Cette liste n’a pas de page de ce numéro : commencez à 1 et suivez les liens next.",
        "This list has no page of that number: begin with 1 and follow the links next.",
    ),
    "database-unavailable": _explained(
        "La base de données ne répond pas",
        "The database does not answer",
        "Réessayez après le nombre de secondes de l’en-tête Retry-After.",
        "Try again after as many seconds as the header Retry-After says.",
    ),
    "token-needed": _explained(
        "Un jeton d’API est nécessaire",
        "An API token is needed",
        "Demandez un jeton à l’opérateur et envoyez-le dans l’en-tête Authorization: Bearer.",
        "Ask the operator for a token and send it in the header Authorization: Bearer.",
    ),
    "webhooks-off": _explained(
        "Les webhooks ne sont pas activés",
        "Webhooks are not switched on",
        "L’opérateur les active en définissant CARILLON_SECRET_KEYS.",
        "The operator switches them on by setting CARILLON_SECRET_KEYS.",
    ),
}
_OF_ROOMS = {
    "not-ready": _explained(
        "Service pas encore prêt",
        "Service not ready yet",
        "Les données des salles se chargent : réessayez dans quelques secondes.",
        "The rooms' data are being loaded: try again in a few seconds.",
    ),
    "hidden-room": _explained(
        "Salle retirée de la recherche",
        "Room taken out of the search",
        "L’établissement ne veut pas que cette salle soit proposée.",
        "The institution does not want this room to be offered.",
    ),
}
_OF_PRONOTE = {
    "wrong-credentials": _explained(
        "Identifiant ou mot de passe incorrect",
        "Wrong user name or password",
        "Vérifiez-les sur la page de Pronote : trop d’échecs font suspendre l’adresse.",
        "Check them on Pronote's own page: too many failures get the address suspended.",
    ),
    "session-expired": _explained(
        "Session terminée par Pronote",
        "Session ended by Pronote",
        "Connectez-vous de nouveau.",
        "Sign in again.",
    ),
    "unknown-token": _explained(
        "Session inconnue ou terminée",
        "Unknown or ended session",
        "Connectez-vous de nouveau : un jeton ne sert que le temps de sa session.",
        "Sign in again: a token serves only as long as its session.",
    ),
    "unknown-portal": _explained(
        "Portail (ENT) inconnu",
        "Unknown portal (ENT)",
        "Prenez le nom d’un portail dans la liste, ou connectez-vous sans portail.",
        "Take a portal's name from the list, or sign in without one.",
    ),
    "unknown-account": _explained(
        "Sorte de compte inconnue",
        "Unknown kind of account",
        "Choisissez une des sortes de comptes que la documentation nomme.",
        "Choose one of the kinds of accounts that the documentation names.",
    ),
    "forbidden-address": _explained(
        "Adresse interdite",
        "Forbidden address",
        "Cette passerelle n’appelle que les sites Pronote publics, ou ceux que l’opérateur permet.",
        "This gateway only calls public Pronote sites, or those that the operator allows.",
    ),
    "too-much-asked": _explained(
        "Trop demandé à la fois",
        "Too much asked at once",
        "Demandez une période plus courte ou moins d’éléments.",
        "Ask for a shorter period or fewer items.",
    ),
    "not-published": _explained(
        "Pas publié par l’établissement",
        "Not published by the school",
        "L’établissement a fermé cet onglet de Pronote pour ce compte.",
        "The school has closed this tab of Pronote for this account.",
    ),
    "access-refused": _explained(
        "Accès refusé par Pronote",
        "Access refused by Pronote",
        "Ce compte n’a pas le droit de voir cela.",
        "This account may not see this.",
    ),
    "sign-in-refused": _explained(
        "Connexion refusée",
        "Sign-in refused",
        "Connectez-vous une fois sur la page de l’établissement : il y est peut-être demandé quelque chose.",
        "Sign in once on the school's own page: something may be asked for there.",
    ),
    "two-factor-needed": _explained(
        "Second facteur demandé",
        "Second factor asked for",
        "Connectez-vous par un QR code, ou donnez le code PIN du compte.",
        "Sign in by a QR code, or give the account's PIN.",
    ),
    "wrong-pin": _explained(
        "Code PIN incorrect",
        "Wrong PIN",
        "Vérifiez le code choisi quand le QR code a été fait.",
        "Check the code that was chosen when the QR code was made.",
    ),
    "upload-refused": _explained(
        "Fichier refusé par Pronote",
        "File refused by Pronote",
        "Il est trop grand ou d’une sorte qui n’est pas permise.",
        "It is too large, or of a kind that is not allowed.",
    ),
    "expired-number": _explained(
        "Numéro d’une session passée",
        "Number of an earlier session",
        "Les numéros de Pronote changent à chaque session : relisez la liste.",
        "Pronote's numbers change with each session: read the list again.",
    ),
    "address-suspended": _explained(
        "Adresse suspendue par Pronote",
        "Address suspended by Pronote",
        "Trop de connexions ont échoué : attendez avant d’essayer de nouveau.",
        "Too many sign-ins have failed: wait before trying again.",
    ),
    "rate-limited": _explained(
        "Pronote demande d’attendre",
        "Pronote asks to wait",
        "Trop de requêtes sont parties vers ce site : attendez ce que dit Retry-After.",
        "Too many requests went to this site: wait as long as Retry-After says.",
    ),
    "site-closed": _explained(
        "Site Pronote fermé",
        "Pronote site closed",
        "L’établissement a fermé son site, souvent pour les vacances.",
        "The school has closed its site, often for the holidays.",
    ),
    "site-busy": _explained(
        "Site Pronote momentanément indisponible",
        "Pronote site unavailable for the moment",
        "Réessayez dans quelques minutes.",
        "Try again in some minutes.",
    ),
    "pronote": _explained(
        "Échec du côté de Pronote",
        "Failure on Pronote's side",
        "Pronote a répondu autrement que prévu ; le champ code dit comment, s’il est connu.",
        "Pronote answered otherwise than expected; the member code says how, if that is known.",
    ),
    "too-many-sessions": _explained(
        "Trop de sessions ouvertes",
        "Too many open sessions",
        "Terminez celles qui ne servent plus, ou réessayez plus tard.",
        "End those that are no longer used, or try later.",
    ),
    "sessions-unavailable": _explained(
        "Les sessions ne répondent pas",
        "Sessions cannot be used just now",
        "Réessayez dans quelques secondes.",
        "Try again in a few seconds.",
    ),
    "too-many-sign-ins": _explained(
        "Trop de connexions",
        "Too many sign-ins",
        "Attendez ce que dit Retry-After : cela protège l’adresse d’une suspension par Pronote.",
        "Wait as long as Retry-After says: this protects the address from being suspended by Pronote.",
    ),
}

PROBLEMS: dict[str, Explained] = _OF_EVERY_SERVICE | _OF_TIMETABLES | _OF_ROOMS | _OF_PRONOTE
"""By the slug at the end of a problem's `type`."""
