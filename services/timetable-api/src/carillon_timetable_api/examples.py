"""The examples of the OpenAPI document: a small made-up faculty."""

YEAR = {"id": 1, "name": "L3", "slug": "l3"}
TIMETABLE = {"id": 1, "name": "L3 Musique", "slug": "l3-musique", "year": 1, "source": 1}
SOURCE = {
    "id": 1,
    "url": "https://edt.example.fr/2026/L3/g4711.xml",
    "last_update_date": "2026-11-20T18:02:00+01:00",
}
SOURCE_STATUS = {
    "id": 1,
    "slug": "l3-musique",
    "last_read": "2026-11-21T08:00:03.250000+01:00",
    "age": 1260,
    "failing_since": None,
    "last_failure": None,
    "courses": 312,
    "skipped": 0,
    "covered_from": "2026-08-31",
    "covered_until": "2027-02-07",
    "empty_because": None,
}
GROUP = {
    "id": 4,
    "name": "L3 MUSIQUE s1 TDA1",
    "celcat_name": "L3 MUSIQUE s1 TDA1",
    "mention": "L3 MUSIQUE",
    "semester": 1,
    "subgroup": "A1",
    "slug": "l3-musique-s1-tda1",
    "hidden": False,
    "source": 1,
}
ROOM = {"id": 2, "name": "Amphi Fauré", "slug": "amphi-faure"}
COURSE = {
    "id": 17,
    "groups": [GROUP],
    "rooms": [ROOM],
    "name": "Harmonie",
    "type": "COURS/TD",
    "notes": None,
    "begin": "2026-11-23T13:30:00+01:00",
    "end": "2026-11-23T15:30:00+01:00",
    "last_update": "2026-11-20T18:02:00+01:00",
    "source": 1,
}
WEEKS = ["2026-11-16T00:00:00+01:00", "2026-11-23T00:00:00+01:00"]
