"""Personal information, teaching team, classes and pupils' files, home page, partners (PAGES.md)."""

from carillon_pronote_simulator.errors import access_denied, foreign_object
from carillon_pronote_simulator.pages.call import Call
from carillon_pronote_simulator.school.model import Guardian, Pupil, Subject, Teacher
from carillon_pronote_simulator.school.people import CITY
from carillon_pronote_simulator.typed import Json, date_value, list_value, object_value, url_value


def personal_information(call: Call) -> Json:
    """Address, telephone, national number, iCal address, and whether a second factor is on."""
    account = call.account
    person = call.pupil() if account.pupils else None
    email = f"{account.username}@example.org"
    resource = person.key if person is not None else account.key
    return {
        "Informations": {
            "adresse1": "12 rue des Essais",
            "adresse2": "",
            "adresse3": "",
            "adresse4": "",
            "codePostal": "00000",
            "ville": CITY,
            "province": "",
            "pays": "FRANCE",
            "eMail": email,
            "indicatifTel": "33",
            "telephonePortable": "600000000",
            "numeroINE": person.national_number if person is not None else "",
        },
        "iCal": {
            "avecExport": True,
            "liste": list_value(
                [{"L": "Mon agenda", "paramICal": call.school.calendar_token(resource), "paramSuppl": "266f3d32"}]
            ),
        },
        "securisation": {"mode": account.security.mode},
    }


def teaching_team(call: Call) -> Json:
    """The teachers of a pupil with their subjects and weekly hours."""
    pupil = call.pupil()
    year = call.school.year
    monday = year.monday_of(year.week_of(call.school.today))
    lessons = [each for each in call.school.lessons_of(pupil, monday, year.last_day) if each.kind == "lesson"]
    week = [each for each in lessons if year.week_of(each.start.date()) == year.week_of(call.school.today)]
    taught: dict[Teacher, dict[Subject, float]] = {}
    for lesson in week:
        for teacher in lesson.teachers:
            hours = taught.setdefault(teacher, {})
            length = (lesson.end - lesson.start).total_seconds() / 3600
            if not lesson.cancelled:
                hours[lesson.subject] = hours.get(lesson.subject, 0) + length
    members = []
    for rank, (teacher, subjects) in enumerate(sorted(taught.items(), key=lambda each: each[0].name), start=1):
        matters = [
            {**call.subject(subject), "volumeHoraire": f"{int(hours)}h{int(hours % 1 * 60):02d}"}
            for subject, hours in subjects.items()
        ]
        members.append(call.member(teacher) | {"P": rank, "matieres": list_value(matters)})
    return {"liste": list_value(members)}


def pupils_of_class(call: Call) -> Json:
    """The pupils of a class, for staff."""
    if not call.account.is_staff:
        raise access_denied()
    key = call.session.key_of(call.anycase("classe"))
    pupils = [each for each in call.school.people.pupils if each.school_class.key == key]
    return {
        "listeRessources": list_value(
            call.member(
                each,
                entree=date_value(call.school.year.first_day),
                neLe=date_value(each.born),
                listeProjets=list_value([]),
                nom=each.last_name,
                prenoms=each.first_name,
                sexe="Masculin" if each.male else "Féminin",
                option1=each.groups[0].name,
            )
            for each in pupils
        )
    }


def pupil_file(call: Call) -> Json:
    """Identity and guardians of one pupil, for staff."""
    if not call.account.is_staff:
        raise access_denied()
    key = call.session.key_of(call.anycase("eleve"))
    pupil = next((each for each in call.school.people.pupils if each.key == key), None)
    if pupil is None:
        raise foreign_object()
    return {
        "Identite": object_value(_identity(pupil)),
        "Responsables": list_value(_guardian(each) for each in pupil.guardians),
    }


def _identity(person: Pupil | Guardian) -> Json:
    return {
        "CP": "00000",
        "dateNaiss": f"{person.born:%d/%m/%Y}",
        "email": person.email,
        "nom": person.last_name,
        "prenom": person.first_name,
        "pays": "FRANCE",
        "ville": CITY,
        "adresse1": "12 rue des Essais",
    }


def _guardian(guardian: Guardian) -> Json:
    return {
        **_identity(guardian),
        "nom": guardian.name,
        "autoriseEmail": True,
        "lienParente": guardian.relation,
        "niveauResponsabilite": "LEGAL",
    }


def home(call: Call) -> Json:
    """Useful links and partners on the home page."""
    del call
    partner = {"codePartenaire": "ARD"}
    return {
        "lienUtile": {
            "listeLiens": list_value(
                [
                    {"L": "Site du collège", "url": "https://www.example.org", "commentaire": "Toutes les nouvelles"},
                    {"L": "Cantine", "url": "", "commentaire": "", "SSO": {"codePartenaire": "TURBOSELF"}},
                ]
            )
        },
        "partenaireARD": {
            "SSO": partner,
            "avecActualisation": True,
            "porteMonnaie": list_value(
                [
                    {
                        "libellePorteMonnaie": "Restauration",
                        "hintPorteMonnaie": "",
                        "avecWarning": False,
                        "valeurSolde": "12,50 €",
                        "hintSolde": "",
                    }
                ]
            ),
        },
    }


def partner_address(call: Call) -> Json:
    """The signed address of a partner; it stands in the report beside the data."""
    partner = call.data.get("SSO") or {}
    call.saved_report["urlSSO"] = url_value(
        f"https://partenaire.example.org/{str(partner.get('codePartenaire', '')).lower()}?jeton={call.session.number}"
    )
    return {}


def pdf_address(call: Call) -> Json:
    """Where the PDF of a timetable (kind 0) or a report (kind 2) lies, relative to the root of the site."""
    pupil = call.pupil() if call.account.pupils else None
    key = pupil.key if pupil is not None else call.account.key
    kind = "bulletin" if call.data.get("genreGenerationPDF") == 2 else "edt"
    number = call.school.calendar_token(f"{kind}:{key}")[:16].lower()
    call.school.documents[number] = (kind, key)
    return {"url": url_value(f"FichiersTemporaires/{number}/{kind}.pdf")}
