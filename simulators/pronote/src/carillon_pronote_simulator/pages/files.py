"""Elements of attached files and links."""

from carillon_pronote_simulator.pages.call import FILE, Call
from carillon_pronote_simulator.school.model import Attachment
from carillon_pronote_simulator.typed import Json

LINK, STORED = 0, 1


def attachment_element(call: Call, attachment: Attachment) -> Json:
    """A file (kind 1) or a link (kind 0, with its address)."""
    number = call.number(FILE, attachment.key)
    if attachment.address is not None:
        return {"G": LINK, "L": attachment.name, "N": number, "url": attachment.address}
    return {"G": STORED, "L": attachment.name, "N": number}
