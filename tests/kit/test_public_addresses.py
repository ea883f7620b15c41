"""Which addresses are public: everything else is a way into a private network."""

import pytest
from carillon_kit.public_addresses import is_private_address

PRIVATE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0",
    "0.0",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::10.0.0.1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "2001:0:7f00:1::",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
]
PUBLIC = [
    "192.0.43.7",
    "::ffff:192.0.43.7",
    "64:ff9b::192.0.43.7",
    "2001:67c:2218:e::51:41",
    "example.org",
    "localhost",
    "300.1.1.1",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_an_address_that_is_not_public_is_told_in_every_form(host: str) -> None:
    assert is_private_address(host)
    assert is_private_address(f"[{host}]")


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses_and_names_are_not(host: str) -> None:
    assert not is_private_address(host)
