"""Kosmos' CAS ("Skolengo", once "Kdecole"): a choice of sign-ins by the address, behind one ``/login``."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carillon_ent_simulator import educonnect
from carillon_ent_simulator.portal import Portal, cas_query, form_of, service_of
from carillon_ent_simulator.portal_pages import FormShape, expired_page, refused_page

ATEN = "aten:"
FORM = "form"
EDUCONNECT = "educonnect"
SELECTIONS: dict[str, dict[str, str]] = {
    "cas.agora06.fr": {"": FORM, "EDU": EDUCONNECT},
    "cas.arsene76.fr": {"ATS_parent_eleve": FORM, "EDU_parent_eleve": EDUCONNECT},
    "cas.cybercolleges42.fr": {"ATS_parent_eleve": FORM, "EDU_parent_eleve": EDUCONNECT},
    "cas.eclat-bfc.fr": {
        "BESANC-ATS_parent_eleve_2D": f"{ATEN}teleservices.ac-besancon.fr",
        "DIJON-ATS_parent_eleve_2D": f"{ATEN}teleservices.ac-dijon.fr",
        "EDU": EDUCONNECT,
    },
    "cas.ecollege.haute-garonne.fr": {"ATS_parent_eleve": FORM, "EDU_parent_eleve": EDUCONNECT},
    "cas.ent.auvergnerhonealpes.fr": {
        "CLERMONT-ATS_parent_eleve": FORM,
        "GRE-ATS_parent_eleve": FORM,
        "LYON-ATS_parent_eleve": FORM,
        "EDU": EDUCONNECT,
    },
    "cas.ent27.fr": {"ATS_parent_eleve": FORM},
    "cas.entcreuse.fr": {"ATS_parent_eleve": FORM, "EDU": EDUCONNECT},
    "cas.kosmoseducation.com": {"": FORM, "MUNICH-SKO_parent_eleve": FORM},
    "cas.mon-ent-occitanie.fr": {
        "CSES-ENT_parent_eleve": FORM,
        "MONT-EDU_parent_eleve": EDUCONNECT,
        "MONTP-ATS_parent_eleve": f"{ATEN}famille.ac-montpellier.fr",
        "TOULO-EDU_parent_eleve": EDUCONNECT,
        "TOULO-ENT_parent_eleve": FORM,
    },
    "cas.monbureaunumerique.fr": {
        "EDU": EDUCONNECT,
        "NAN-ME-ATS_parent_eleve": f"{ATEN}teleservices.ac-nancy-metz.fr",
        "REIMS-ATS_parent_eleve": f"{ATEN}services-familles.ac-reims.fr",
        "STRAS-ATS_parent_eleve": f"{ATEN}teleservices.ac-strasbourg.fr",
    },
    "cas.moncollege.valdemarne.fr": {"EDU_parent_eleve": EDUCONNECT},
    "cas.moncollege.valdoise.fr": {"": FORM, "eleveparent": FORM},
    "cas.savoirsnumeriques62.fr": {"ATS_parent_eleve": f"{ATEN}teleservices.ac-lille.fr"},
    "cas.webcollege.seinesaintdenis.fr": {"EDU_parent_eleve": EDUCONNECT},
}
"""Host to its sign-ins: the selection in the address to where it leads."""

_ACS = "/saml/SAMLAssertionConsumer"


class Kosmos(Portal):
    """One CAS."""

    def routes(self) -> list[Route]:
        """Every address."""
        return [
            self.route("/login", self._fetched),
            self.route("/login", self._posted, "POST"),
            self.route(_ACS, self.answered(self.url("/accueil")), "POST"),
            self.route("/accueil", self.home),
        ]

    async def _fetched(self, request: Request) -> Response:
        service = service_of(request)
        served = self.serve(request, service)
        if served is not None:
            return served
        target = SELECTIONS[self.host].get(request.query_params.get("selection", ""), FORM if service else "")
        continue_at = self.url("/login") + f"?{cas_query(service)}" if service else self.url("/accueil")
        if target.startswith(ATEN):
            return self.ask(f"https://{target.removeprefix(ATEN)}/sso/SSO", _ACS, continue_at)
        if target == EDUCONNECT:
            return self.ask(educonnect.POST_URL, _ACS, continue_at)
        return self._show(self.state.keep(continue_at)) if target else refused_page("Choix inconnu", 400)

    def _show(self, name: str, *, refused: bool = False) -> Response:
        shape = FormShape(
            "/login",
            hidden={"lt": f"LT-{name}", "execution": name, "_eventId": "submit"},
            attributes='id="fm1" class="cas__login-form"',
            button='<input type="submit" name="submit" value="Se connecter"/>',
        )
        return self.sign_in_page(shape, refused=refused)

    async def _posted(self, request: Request) -> Response:
        form = await form_of(request)
        name = form.get("execution", "")
        if not self.state.kept(name) or form.get("lt") != f"LT-{name}" or form.get("_eventId") != "submit":
            return expired_page()
        username, obstacle = self.judge(request, form.get("username", ""), form.get("password", ""))
        if obstacle is not None:
            return obstacle
        if username is None:
            return self._show(name, refused=True)
        return self.welcome(username, self.state.take(name) or self.url("/accueil"))
