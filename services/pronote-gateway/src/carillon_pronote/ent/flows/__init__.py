"""The flows by name: for each, the parameters it needs and the steps it takes (described in CAS.md by the same names).

``none`` has no steps: Pronote's own form is used, so there is no portal to visit.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from carillon_pronote.ent.flow_parameters import FlowParameters
from carillon_pronote.ent.flows import (
    aten,
    atrium,
    cas_educonnect,
    cas_form,
    hubeduconnect,
    kdecole_wayf,
    kdecole_wayf_aten,
    laclasse,
    netocentre,
    openent,
    openent_educonnect,
    openent_simple,
    oze,
    toutatice,
    wayf_aten,
    wayf_educonnect,
)
from carillon_pronote.ent.portal_visit import PortalVisit

DIRECT = "none"


@dataclass(frozen=True, slots=True)
class Flow:
    """A way through portals of one kind.

    Attributes:
        parameters: the model that an account's parameters are checked with.
        sign_in: the steps; None for ``none``.
        through_educonnect: whether the password goes to EduConnect.
    """

    parameters: type[FlowParameters]
    sign_in: Callable[[PortalVisit, Any], Awaitable[httpx.Response]] | None
    through_educonnect: bool = False


FLOWS: dict[str, Flow] = {
    DIRECT: Flow(FlowParameters, None),
    "aten": Flow(aten.Parameters, aten.sign_in),
    "atrium": Flow(atrium.Parameters, atrium.sign_in),
    "cas-educonnect": Flow(cas_educonnect.Parameters, cas_educonnect.sign_in, through_educonnect=True),
    "cas-form": Flow(cas_form.Parameters, cas_form.sign_in),
    "hubeduconnect": Flow(hubeduconnect.Parameters, hubeduconnect.sign_in, through_educonnect=True),
    "kdecole-wayf": Flow(kdecole_wayf.Parameters, kdecole_wayf.sign_in),
    "kdecole-wayf-aten": Flow(kdecole_wayf_aten.Parameters, kdecole_wayf_aten.sign_in),
    "laclasse": Flow(laclasse.Parameters, laclasse.sign_in),
    "netocentre": Flow(netocentre.Parameters, netocentre.sign_in, through_educonnect=True),
    "openent": Flow(openent.Parameters, openent.sign_in),
    "openent-educonnect": Flow(openent_educonnect.Parameters, openent_educonnect.sign_in, through_educonnect=True),
    "openent-simple": Flow(openent_simple.Parameters, openent_simple.sign_in),
    "oze": Flow(oze.Parameters, oze.sign_in),
    "toutatice": Flow(toutatice.Parameters, toutatice.sign_in, through_educonnect=True),
    "wayf-aten": Flow(wayf_aten.Parameters, wayf_aten.sign_in),
    "wayf-educonnect": Flow(wayf_educonnect.Parameters, wayf_educonnect.sign_in, through_educonnect=True),
}
