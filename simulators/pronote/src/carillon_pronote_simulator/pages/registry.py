"""Which function of the site is answered by which code."""

from carillon_pronote_simulator.errors import access_denied, page_unavailable
from carillon_pronote_simulator.pages.attendance import attendance
from carillon_pronote_simulator.pages.call import Call, Page
from carillon_pronote_simulator.pages.classwork import (
    CONTENTS_TAB,
    HOMEWORK_TAB,
    content_details,
    hand_in,
    teaching_files,
    text_book,
    tick_homework,
)
from carillon_pronote_simulator.pages.discussions import discussions, messages, participants, recipients
from carillon_pronote_simulator.pages.marks import latest_evaluations, latest_marks, report
from carillon_pronote_simulator.pages.menus import menus
from carillon_pronote_simulator.pages.messages import save_message
from carillon_pronote_simulator.pages.news import news, save_news
from carillon_pronote_simulator.pages.people import (
    home,
    partner_address,
    pdf_address,
    personal_information,
    pupil_file,
    pupils_of_class,
    teaching_team,
)
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
    "PageAccueil": (home, (7,)),
    "SaisieURLPartenaire": (partner_address, (7,)),
    "PageActualites": (news, (8,)),
    "SaisieActualites": (save_news, (8,)),
    "PageMenus": (menus, (10,)),
    "PageBulletins": (report, (13,)),
    "PageEmploiDuTemps": (timetable, (16,)),
    "PageEmploiDuTemps_DomainePresence": (filled_weeks, (16,)),
    "GenerationPDF": (pdf_address, (16, 13)),
    "PagePresence": (attendance, (19,)),
    "PageEquipePedagogique": (teaching_team, (37,)),
    # pronotepy asks for it from the timetable's tab when it only wants the iCal address.
    "PageInfosPerso": (personal_information, (49, 16)),
    "PageCahierDeTexte": (text_book, (HOMEWORK_TAB, CONTENTS_TAB)),
    "donneesContenusCDT": (content_details, (CONTENTS_TAB,)),
    "SaisieTAFFaitEleve": (tick_homework, (HOMEWORK_TAB,)),
    "SaisieTAFARendreEleve": (hand_in, (HOMEWORK_TAB,)),
    "RessourcePedagogique": (teaching_files, (99,)),
    "ListeRessources": (pupils_of_class, (105,)),
    "FicheEleve": (pupil_file, (105,)),
    "ListeMessagerie": (discussions, (131,)),
    "ListeMessages": (messages, (131,)),
    "SaisiePublicMessage": (participants, (131,)),
    # pronote-api writes and looks for recipients from the home page's tab.
    "SaisieMessage": (save_message, (131, 7)),
    "ListeRessourcesPourCommunication": (recipients, (131, 7)),
    "DernieresNotes": (latest_marks, (198,)),
    "DernieresEvaluations": (latest_evaluations, (201,)),
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
