"""The same calendar address as each calendar application wants it."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from starlette.datastructures import URL


@dataclass(frozen=True, slots=True)
class Subscription:
    """Links by which a calendar is subscribed to; `address` is the plain one."""

    name: str
    address: str

    @property
    def webcal(self) -> str:
        """What Apple's calendar, Thunderbird and ICSx⁵ open."""
        return "webcal:" + self.address.partition(":")[2]

    @property
    def google(self) -> str:
        """Google fetches by itself, so the address must be reachable from the Internet."""
        return f"https://calendar.google.com/calendar/render?cid={quote(self.webcal, safe='')}"

    @property
    def outlook(self) -> str:
        """Outlook on the web; it fetches by itself too."""
        address, name = quote(self.address, safe=""), quote(self.name, safe="")
        return f"https://outlook.live.com/calendar/0/addfromweb?url={address}&name={name}"

    @property
    def is_reachable(self) -> bool:
        """Whether the address can be one of the Internet, as far as its host tells."""
        host = urlsplit(self.address).hostname or ""
        try:
            return ipaddress.ip_address(host).is_global
        except ValueError:
            return "." in host and not host.endswith((".local", ".localhost", ".lan", ".home.arpa"))


def of(base: URL, path: str, name: str) -> Subscription:
    """The subscription to a calendar of ours."""
    return Subscription(name, f"{base}{path}")
