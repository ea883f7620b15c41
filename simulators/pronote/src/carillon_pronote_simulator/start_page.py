"""The HTML pages of the site: start page, and the pages that stand in its place (facts: PROTOCOL.md §4)."""

import html
import json

from carillon_pronote_simulator.ciphers import rsa_key
from carillon_pronote_simulator.eras import Era
from carillon_pronote_simulator.school.people import SCHOOL_NAME
from carillon_pronote_simulator.sessions import Session
from carillon_pronote_simulator.typed import Json

# pronotepy takes the capital letters I and P next to each other, anywhere on a page, for a suspended address.
_STANDING_IN = {
    "suspended-ip": "Votre adresse IP est provisoirement suspendue.",
    "busy": "Le site est momentanément indisponible.",
    "closed": "Le site n'est pas disponible.",
}


def start_values(era: Era, session: Session, *, encrypted: bool, compressed: bool) -> Json:
    """The argument of `Start()`; flags that are off are left out."""
    values: Json = {
        "h": session.number if era.script_page else str(session.number),
        "a": session.space_number,
        "d": True,
    }
    if session.one_time is not None:
        values |= {"e": session.one_time[0], "f": session.one_time[1], "g": 3}
    if era.own_rsa_key:
        values |= {"MR": f"{rsa_key().n:X}", "ER": f"{rsa_key().e:X}"}
    if era.enabling_flags:
        flags = {"CrA": encrypted, "CoA": compressed}
    else:
        flags = {"sCrA": not encrypted, "sCoA": not compressed}
    return values | {name: True for name, on in flags.items() if on}


def start_page(era: Era, session: Session, *, encrypted: bool, compressed: bool) -> str:
    """The page from which every client starts."""
    values = start_values(era, session, encrypted=encrypted, compressed=compressed)
    if era.script_page:
        argument = json.dumps(values, separators=(",", ":"))
        script = (
            f'<script>window.addEventListener("load", () => {{try{{Start ({argument});}} catch (e) {{}}}});</script>'
        )
        body = '<body id="id_body">'
    else:
        argument = ",".join(f"{name}:{_relaxed(value)}" for name, value in values.items())
        script = ""
        body = f'<body id="id_body" onload="try {{ Start ({{{argument}}}) }} catch (e) {{ messageErreur (e) }}">'
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        f"<title>PRONOTE - {html.escape(session.space.title)} - {SCHOOL_NAME}</title>{script}</head>{body}"
        f'<div style="display:none"><a href="#">PRONOTE {era.version_text} - {SCHOOL_NAME}</a></div></body></html>'
    )


def _relaxed(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'" if isinstance(value, str) else str(value)


def standing_in_page(name: str) -> str:
    """The page shown instead of the start page: suspended address, busy or closed site."""
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>PRONOTE</title></head>'
        f"<body><p>{_STANDING_IN[name]}</p></body></html>"
    )
