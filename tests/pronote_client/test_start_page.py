"""The first page is read in every form, and every notice that may stand in its place is known."""

import pytest
from carillon_pronote.crypto import RSA_MODULUS
from carillon_pronote.errors import ProtocolError, SiteBusyError, SiteClosedError, SuspendedAddressError
from carillon_pronote.start_page import read_start_page

ONLOAD = (
    '<html><body id="id_body" onload="try {{ Start ({{{members}}}) }} catch (e) {{ messageErreur (e) }}">'
    '<a style="display:none">PRONOTE {version}</a></body></html>'
)
SCRIPT = (
    '<html><body><script>window.addEventListener("load", () => {{try{{Start ({{{members}}});}} catch (e) {{}}}});'
    "</script><a>PRONOTE {version}</a></body></html>"
)


def onload(members, version="2025.2.8"):
    return ONLOAD.format(members=members, version=version)


def test_the_relaxed_form_until_2026_1():
    page = read_start_page(onload("h:'1234567',a:3,d:true,sCrA:true,sCoA:true", "2024.3.9"))
    assert (page.session, page.space, page.version, page.demonstration) == (1234567, 3, (2024, 3, 9), True)
    assert (page.aes, page.compression, page.rsa) == (False, False, None)


def test_the_strict_form_of_2026_2_4():
    page = read_start_page(SCRIPT.format(members='"h":4873407,"d":true,"a":6', version="2026.2.4"))
    assert (page.session, page.space, page.version) == (4873407, 6, (2026, 2, 4))
    assert (page.aes, page.compression) == (False, False)


@pytest.mark.parametrize("aes", [True, False])
@pytest.mark.parametrize("compression", [True, False])
def test_the_four_ways_bodies_travel(aes, compression):
    skip = "".join(f",{name}:true" for name, on in (("sCrA", aes), ("sCoA", compression)) if not on)
    use = "".join(f",{name}:true" for name, on in (("CrA", aes), ("CoA", compression)) if on)
    old = read_start_page(onload(f"h:'1',a:3{skip}", "2023.0.28"))
    new = read_start_page(onload(f"h:'1',a:3{use}", "2025.2.8"))
    assert (old.aes, old.compression) == (new.aes, new.compression) == (aes, compression)


def test_the_key_of_2022_is_on_the_page_and_later_ones_are_constant():
    own = read_start_page(onload("h:'1',a:3,MR:'C0FFEE',ER:'10001'", "2022.0.24"))
    assert own.rsa == ("C0FFEE", "10001")
    without_tls = read_start_page(onload("h:'1',a:3,http:true", "2025.2.8"))
    assert without_tls.rsa == (RSA_MODULUS, "10001")


def test_a_portal_leaves_its_one_time_credentials():
    page = read_start_page(onload("h:'1',a:3,e:'a,b:c}',f:'it\\'s'"))
    assert (page.portal_name, page.portal_secret) == ("a,b:c}", "it's")
    assert "it's" not in repr(page)


def test_escaped_attributes_are_read():
    assert read_start_page(onload("&quot;h&quot;:&#39;12&#39;,a:3")).session == 12


@pytest.mark.parametrize(
    ("version", "era"),
    [
        ("2022.0.24", "until 2024.3.8"),
        ("2024.3.8", "until 2024.3.8"),
        ("2024.3.9", "2024.3.9 to 2025.0"),
        ("2025.0.5", "2024.3.9 to 2025.0"),
        ("2025.1.3", "2025.1.3 and later"),
        ("2026.2.5", "2025.1.3 and later"),
    ],
)
def test_the_version_tells_the_era(version, era):
    assert read_start_page(onload("h:'1',a:3", version)).era.name == era


def test_a_page_without_version_is_guessed_from_its_members():
    def bare(members):
        return read_start_page(f'<body onload="try {{ Start ({{{members}}}) }} catch">')

    assert bare("h:'1',a:3,MR:'AA',ER:'3'").era.name == "until 2024.3.8"
    assert bare("h:'1',a:3,sCrA:true").era.name == "until 2024.3.8"
    assert bare("h:1,a:3").era.name == "2025.1.3 and later"
    assert not bare("h:1,a:3").version_printed


@pytest.mark.parametrize(
    ("notice", "error"),
    [
        ("Votre adresse IP est provisoirement suspendue.", SuspendedAddressError),
        ("Le site n'est pas disponible", SiteClosedError),
        ("Le site n&#39;est pas disponible", SiteClosedError),
        ("Le site n’est pas disponible", SiteClosedError),
        ("Le site est momentanément indisponible", SiteBusyError),
        ("Le site est momentan&eacute;ment indisponible", SiteBusyError),
        ("<h1>Hello</h1> PRONOTE 2025.2.8", ProtocolError),
        ("", ProtocolError),
    ],
)
def test_notices_instead_of_the_page(notice, error):
    with pytest.raises(error):
        read_start_page(f"<html><body>{notice}</body></html>")


def test_the_error_says_which_version_was_met():
    with pytest.raises(ProtocolError) as caught:
        read_start_page("<body>Start (nothing) PRONOTE 2031.0.1</body>")
    assert caught.value.era == "2031.0.1"
