"""Which function of the site is answered by which code."""

from carillon_pronote_simulator.errors import access_denied, page_unavailable
from carillon_pronote_simulator.pages.call import Call, Page
from carillon_pronote_simulator.pages.timetable import filled_weeks, timetable
from carillon_pronote_simulator.pages.user import allowed_tabs, user
from carillon_pronote_simulator.typed import Json


def _nothing(_call: Call) -> Json:
    return {}


# Function: (code, tabs it may be called from; none when it needs no tab).
_PAGES: dict[str, tuple[Page, tuple[int, ...]]] = {
    "ParametresUtilisateur": (user, ()),
    "Navigation": (_nothing, ()),
    "Presence": (_nothing, ()),
    "PageEmploiDuTemps": (timetable, (16,)),
    "PageEmploiDuTemps_DomainePresence": (filled_weeks, (16,)),
}


def answer(call: Call) -> Json:
    """The content of `data` for a call.

    Raises:
        PronoteError: unknown function, tab not open to the account, or what the function itself refuses.
    """
    found = _PAGES.get(call.function)
    if found is None:
        raise page_unavailable(call.function)
    page, tabs = found
    if tabs and call.tab not in tabs:
        raise page_unavailable(call.function)
    if tabs and call.tab not in allowed_tabs(call.account.kind):
        raise access_denied()
    return page(call)
