"""The home page's links, partners and wallets: ``PageAccueil``, tab 7."""

from dataclasses import dataclass, field
from datetime import date

from carillon_pronote.errors import ProtocolError
from carillon_pronote.reading import Json, decoder, entry, flag, items, text
from carillon_pronote.school_year import Pupil, local_midnight
from carillon_pronote.session import Session
from carillon_pronote.values import ValueKind, encode

TAB = 7
_OF_WEEK = (
    "coursNonAssures", "personnelsAbsents", "incidents", "exclusions", "donneesVS", "donneesProfs", "EDT",
)  # fmt: skip
_OF_DAY = (
    "registreAppel", "previsionnelAbsServiceAnnexe", "TAFARendre", "TAFEtActivites", "tableauDeBord",
    "modificationsEDT",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A link the school offers."""

    name: str
    url: str
    comment: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A service the school offers through Pronote (canteen card …); ``partner_address`` gives its address."""

    code: str
    name: str
    comment: str
    single_sign_on: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wallet:
    """A wallet at a partner: ``balance`` in the partner's words ("12,50 €")."""

    name: str
    hint: str
    balance: str
    balance_hint: str
    warning: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """What of the home page other pages do not tell."""

    links: tuple[Link, ...]
    partners: tuple[Partner, ...]
    wallets: tuple[Wallet, ...]


async def fetch(session: Session, on: date, pupil: Pupil | str | None = None) -> Json:
    """Return the raw home page of a day."""
    today = encode(ValueKind.DATE, local_midnight(on, session.timezone))
    week = session.year.week_of(on)
    data: Json = {"avecConseilDeClasse": True, "dateGrille": today, "numeroSemaine": week}
    data |= {name: {"numeroSemaine": week} for name in _OF_WEEK}
    data |= {name: {"date": today} for name in _OF_DAY}
    data["partenaireCDI"] = {"CDI": {}}
    return await session.request("PageAccueil", data, TAB, pupil)


async def read_home_page(session: Session, on: date, pupil: Pupil | str | None = None) -> HomePage:
    """Read the home page of a day."""
    return decode(await fetch(session, on, pupil))


async def partner_address(session: Session, partner: Partner, pupil: Pupil | str | None = None) -> str:
    """Return the address at which the person is signed in at a partner; it works once.

    Raises:
        ProtocolError: Pronote gives none.
    """
    raw = await session.request("SaisieURLPartenaire", {"SSO": partner.single_sign_on}, TAB, pupil)
    address = text(entry(raw, "RapportSaisie"), "urlSSO")
    if not address:
        raise ProtocolError("SaisieURLPartenaire: no address")
    return address


@decoder("PageAccueil")
def decode(raw: Json) -> HomePage:
    """Read the page's ``data``."""
    offered = items(entry(raw, "lienUtile"), "listeLiens")
    card = entry(raw, "partenaireARD")
    partners = [_partner(item) for item in offered if entry(item, "SSO")]
    if entry(card, "SSO"):
        partners.append(_partner(card))
    return HomePage(
        links=tuple(
            Link(text(item, "L"), text(item, "url"), text(item, "commentaire"))
            for item in offered
            if not entry(item, "SSO")
        ),
        partners=tuple(partners),
        wallets=tuple(_wallet(item) for item in items(card, "porteMonnaie")),
    )


def _partner(item: Json) -> Partner:
    single_sign_on = entry(item, "SSO")
    return Partner(text(single_sign_on, "codePartenaire"), text(item, "L"), text(item, "commentaire"), single_sign_on)


def _wallet(item: Json) -> Wallet:
    return Wallet(
        name=text(item, "libellePorteMonnaie"),
        hint=text(item, "hintPorteMonnaie"),
        balance=text(item, "valeurSolde"),
        balance_hint=text(item, "hintSolde"),
        warning=flag(item, "avecWarning"),
    )
