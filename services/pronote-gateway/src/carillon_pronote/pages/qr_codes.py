"""Makes a QR code for signing in with another device: ``JetonAppliMobile``, tab 7."""

from carillon_pronote.accounts import AccountKind
from carillon_pronote.errors import ProtocolError
from carillon_pronote.reading import Json, text
from carillon_pronote.session import Session

TAB = 7
SHORTEST_PIN = 4


async def create_qr_code(session: Session, pin: str) -> Json:
    """Return the content of a QR code, valid ten minutes and once; the PIN is needed to use it.

    Raises:
        ProtocolError: the PIN is too short, or Pronote gives no code.
    """
    if len(pin) < SHORTEST_PIN or not pin.isdecimal():
        raise ProtocolError(f"a PIN of at least {SHORTEST_PIN} digits is needed")
    raw = await session.request("JetonAppliMobile", {"code": pin}, TAB)
    login, token = text(raw, "login"), text(raw, "jeton")
    if not login or not token:
        raise ProtocolError("JetonAppliMobile: no code")
    account: AccountKind = session.account
    page = account.page_name(mobile=True)
    return {"login": login, "jeton": token, "url": f"{session.channel.state.root}/{page}", "avecPageConnexion": False}
