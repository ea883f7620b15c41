"""The pages of portals: sign-in forms of every shape, and what stands in their place."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import HTMLResponse

from carillon_ent_simulator.portal_state import FaultName


def page(title: str, body: str, *, onload: str = "", status: int = 200) -> HTMLResponse:
    """A page with this title and body."""
    event = f' onload="{onload}"' if onload else ""
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body{event}>{body}</body></html>",
        status_code=status,
    )


@dataclass(frozen=True)
class FormShape:
    """How a portal's sign-in form looks.

    Attributes:
        action: the form's target, as written on the page.
        username, password: (id, name) of the two inputs; an empty id is left out.
        hidden: the hidden inputs.
        attributes: the form's own attributes.
        button: the button's HTML.
        script: put before the form.
        refusal: put before the form when the password was wrong.
    """

    action: str
    username: tuple[str, str] = ("username", "username")
    password: tuple[str, str] = ("password", "password")
    hidden: Mapping[str, str] = field(default_factory=dict)
    attributes: str = ""
    button: str = '<button type="submit">Se connecter</button>'
    script: str = ""
    refusal: str = '<div class="error">Identifiant ou mot de passe incorrect.</div>'


def sign_in_page(
    title: str, shape: FormShape, *, refused: bool = False, fault: FaultName | None = None
) -> HTMLResponse:
    """A portal's sign-in page; a changed one has other fields, one with a captcha shows it."""
    if fault == "changed":
        return page(title, '<form method="post"><input id="ident" name="ident"/><input id="code" name="code"/></form>')
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}"/>' for name, value in shape.hidden.items()
    )
    captcha = '<div class="g-recaptcha" data-sitekey="made-up"></div>' if fault == "captcha" else ""
    return page(
        title,
        f"{shape.script}{shape.refusal if refused else ''}"
        f'<form {shape.attributes} action="{html.escape(shape.action)}" method="post">{hidden}'
        f'<input type="text" {_named(shape.username)}/><input type="password" {_named(shape.password)}/>'
        f"{captcha}{shape.button}</form>",
    )


def expired_page() -> HTMLResponse:
    """What a portal says when a form comes back too late."""
    return page("Session", "<p>Votre session a expiré. Veuillez recommencer depuis le début.</p>", status=400)


def maintenance_page() -> HTMLResponse:
    """What a closed portal says."""
    return page("Maintenance", "<h1>Le portail est en maintenance</h1>", status=503)


def charter_page() -> HTMLResponse:
    """What a portal shows a person before the first use."""
    return page(
        "Charte",
        '<h1>Charte d\'utilisation</h1><p>Merci de lire la charte.</p><form action="/charte" method="post">'
        '<input type="checkbox" name="accepter" value="oui"/><button type="submit">Accepter</button></form>',
    )


def storage_page(action: str) -> HTMLResponse:
    """Shibboleth's page that looks at the browser's storage by script, and goes on without it when asked to."""
    return page(
        "Chargement",
        f'<form action="{html.escape(action)}" method="post"><input type="hidden" name="shib_idp_ls_supported"/>'
        '<input type="hidden" name="shib_idp_ls_value.shib_idp_session_ss"/>'
        '<noscript><input type="submit" name="_eventId_proceed" value="Continuer"/></noscript></form>',
        onload="document.forms[0].submit()",
    )


def refused_page(sentence: str, status: int = 403) -> HTMLResponse:
    """A request that a portal does not understand."""
    return page("Erreur", f"<p>{html.escape(sentence)}</p>", status=status)


def _named(names: tuple[str, str]) -> str:
    return f'id="{names[0]}" name="{names[1]}"' if names[0] else f'name="{names[1]}"'
