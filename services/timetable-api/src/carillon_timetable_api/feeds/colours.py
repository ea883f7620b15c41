"""A colour for each type of course, the same everywhere and for ever; CSS names, as RFC 7986 asks for."""

import zlib

_OF_KNOWN_TYPES = {
    "COURS": "steelblue",
    "COURS/TD": "mediumseagreen",
    "TD": "goldenrod",
    "TP": "mediumpurple",
    "EXAMEN": "crimson",
    "CONTROLE CONTINU": "tomato",
    "REUNION": "slategray",
}
_OTHERS = ("teal", "olive", "sienna", "orchid", "cadetblue", "darkkhaki", "rosybrown", "mediumvioletred")


def colour_of(type_: str | None) -> str:
    """The colour's name; grey without a type."""
    if type_ is None:
        return "gray"
    known = _OF_KNOWN_TYPES.get(type_.upper())
    return known or _OTHERS[zlib.crc32(type_.upper().encode()) % len(_OTHERS)]
