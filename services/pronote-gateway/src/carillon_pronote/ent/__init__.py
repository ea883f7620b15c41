"""Signing in through regional portals (ENT, CAS): the table of portals, the way through each, recognising them.

    table = EntTable.load(own_file)                         # once, at the start
    table.list_accounts("nantes")                           # for a person to choose from
    await detect(page_url, http, table, limits)             # or recognised from the Pronote address
    sign_in = PortalSignIn(table.get("ac-nantes"), limits)  # an EntSignIn for the client

docs/ent.md says how to add a portal.
"""

from carillon_pronote.ent.account_table import EntAccount, EntTable, EntTableError
from carillon_pronote.ent.bounded_requests import VisitLimits
from carillon_pronote.ent.detection import detect
from carillon_pronote.ent.sign_in import PortalSignIn

__all__ = ["EntAccount", "EntTable", "EntTableError", "PortalSignIn", "VisitLimits", "detect"]
