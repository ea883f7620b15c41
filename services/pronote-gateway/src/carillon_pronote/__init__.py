"""The Pronote client: sign in everywhere, read and write every page, as typed values or raw JSON.

``Pronote`` signs in and gives a ``Session``; ``carillon_pronote.pages`` has one module for each page, whose functions
take the session. The package needs nothing else of Carillon.
"""

from carillon_pronote import errors, instances, pages, values
from carillon_pronote.accounts import AccountKind
from carillon_pronote.credentials import Device, PasswordCredentials, QrCredentials, TokenCredentials
from carillon_pronote.ent_interface import EntSignIn
from carillon_pronote.hosts import HostPauses
from carillon_pronote.http_answers import HttpLimits, proxy_from_environment
from carillon_pronote.pronote import PARIS, Pronote
from carillon_pronote.reading import Reference
from carillon_pronote.school_year import AccountFacts, Period, PeriodKind, Pupil, SchoolYear
from carillon_pronote.session import Session
from carillon_pronote.two_factor import SecurityAction, SecurityMode, TwoFactorPending

__all__ = [
    "PARIS",
    "AccountFacts",
    "AccountKind",
    "Device",
    "EntSignIn",
    "HostPauses",
    "HttpLimits",
    "PasswordCredentials",
    "Period",
    "PeriodKind",
    "Pronote",
    "Pupil",
    "QrCredentials",
    "Reference",
    "SchoolYear",
    "SecurityAction",
    "SecurityMode",
    "Session",
    "TokenCredentials",
    "TwoFactorPending",
    "errors",
    "instances",
    "pages",
    "proxy_from_environment",
    "values",
]
