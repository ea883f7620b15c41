"""What `carillon ent list` and `carillon ent detect URL` do: show the portals that guard Pronote."""

import sys

import httpx
from carillon_pronote.ent import EntAccount, EntTable, VisitLimits
from carillon_pronote.ent import detect as find
from carillon_pronote.errors import PronoteError


def list_portals(search: str) -> None:
    """Show the known portals, or those that have every word of `search`."""
    for account in EntTable.load().list_accounts(search):
        print(_line(account))


async def detect(url: str, *, allow_http: bool) -> int:
    """Show which portals may guard the Pronote at `url`; gives the exit status."""
    try:
        async with httpx.AsyncClient(timeout=15) as client:
            accounts = await find(url, client, EntTable.load(), VisitLimits(allow_http=allow_http))
    except PronoteError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for account in accounts:
        print(_line(account))
    return 0


def _line(account: EntAccount) -> str:
    others = f" ({', '.join(account.aliases)})" if account.aliases else ""
    academies = f": {', '.join(account.academies)}" if account.academies else ""
    return f"{account.id}{others}  {account.name}{academies}"
