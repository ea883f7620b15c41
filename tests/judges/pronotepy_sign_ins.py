"""Run in an environment of pronotepy: sign in every way it knows, and print what it then read as JSON.

Arguments: root of a Pronote, way of signing in, and a JSON object with what the way needs.
"""

import datetime as dt
import json
import sys

import pronotepy


def facts(client):
    """A week of lessons, and who is signed in."""
    start = dt.date.fromisoformat(given.get("first", "2026-11-16"))
    lessons = client.lessons(start, start + dt.timedelta(days=5))
    return {
        "logged_in": client.logged_in,
        "name": client.info.name,
        "lessons": [
            {
                "start": lesson.start.isoformat(),
                "end": lesson.end.isoformat(),
                "subject": lesson.subject.name if lesson.subject else None,
                "teachers": lesson.teacher_names,
                "rooms": lesson.classrooms,
                "cancelled": lesson.canceled,
                "status": lesson.status,
                "exempted": lesson.exempted,
            }
            for lesson in lessons
        ],
    }


def by_password():
    return facts(pronotepy.Client(f"{root}/eleve.html", given["username"], given["password"]))


def refused():
    try:
        client = pronotepy.Client(f"{root}/eleve.html", given["username"], given["password"])
    except pronotepy.CryptoError:
        return {"logged_in": False}
    return {"logged_in": client.logged_in}


def parent():
    client = pronotepy.ParentClient(f"{root}/parent.html", given["username"], given["password"])
    first = facts(client)
    client.set_child(client.children[1].name)
    return {"children": [child.name for child in client.children], "first": first, "second": facts(client)}


def qr_code_then_token():
    """QR code made by pronotepy itself, sign-in with it, then two sign-ins by token, and the dead first token."""
    maker = pronotepy.Client(f"{root}/eleve.html", given["username"], given["password"])
    code = maker.request_qr_code_data("1234")
    scanned = pronotepy.Client.qrcode_login({**code, "url": f"{root}/mobile.eleve.html"}, "1234", "device-1")
    first = scanned.export_credentials()
    by_token = pronotepy.Client.token_login(**first)
    second = by_token.export_credentials()
    again = pronotepy.Client.token_login(**second)
    try:
        old_token_works = pronotepy.Client.token_login(**first).logged_in
    except pronotepy.CryptoError:
        old_token_works = False
    return {
        "scanned": scanned.info.name,
        "token": facts(by_token),
        "again": again.logged_in,
        "tokens_differ": first["password"] != second["password"],
        "old_token_works": old_token_works,
    }


def second_factor():
    """Without a PIN, with a wrong one, and with the right one and a device name; then known without asking."""
    arguments = (f"{root}/eleve.html", given["username"], given["password"])
    results = {}
    for name, options in (
        ("without", {}),
        ("wrong", {"account_pin": "0000", "device_name": "judge"}),
        ("right", {"account_pin": given["pin"], "device_name": "judge"}),
    ):
        try:
            client = pronotepy.Client(*arguments, **options)
        except pronotepy.MFAError as error:
            results[name] = f"MFAError: {error}"
        else:
            results[name] = client.logged_in
    results["known"] = pronotepy.Client(*arguments, client_identifier=client.client_identifier).logged_in
    return results


root, way, given = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
sys.stdout.write(json.dumps({"version": pronotepy.__version__, **globals()[way]()}))
