"""What a group's name says, and which groups are above it.

Pure functions over the five spellings of Toulouse 3 and any other name: reading never fails, an unknown name is a
mention of its own. The rules were checked against 382 recorded names.
"""

import re
from dataclasses import dataclass

from slugify import slugify

_KINDS = ("CM", "TD", "TP", "G")
"""From the whole section down to the smallest; GP (numbered project groups) hangs under CM by itself."""

_SUBGROUP = re.compile(r"^(?P<kind>CM|TD|TP|GP(?=[A-Z])|G)(?P<section>[A-Z])(?P<digits>\d{0,3})$")
_SEMESTER = re.compile(r"^[sS](\d)$")
_COMPACT = re.compile(r"^(?P<mention>[A-Z]+)(?P<semester>\d)(?P<subgroup>(?:CM|TD|TP|GP|G)[A-Z]\d{0,3})$")
_PARENTHESIS = re.compile(r"^(?P<before>.*\S)\s*\((?P<inside>[^()]*)\)$")
_CODE = re.compile(r"^[A-Za-z0-9_.-]+$")
_LEAD = "Emploi du temps Groupe - "


@dataclass(frozen=True)
class ParsedName:
    """A group's name taken apart; `section` and `digits` are empty without a subgroup."""

    mention: str | None
    semester: int | None
    kind: str
    section: str
    digits: str
    code: str
    slug: str
    said: str = ""
    """The whole name, where the source itself says what the mention is."""

    @property
    def subgroup(self) -> str:
        """As the API shows it: the part after the kind, `A41` of `TPA41`."""
        return self.section + self.digits

    @property
    def mention_key(self) -> str:
        """Equal for the spellings of one mention (`L3 Info`, `L3 INFO`)."""
        return (self.mention or "").casefold()

    @property
    def key(self) -> str:
        """Equal for the spellings of one group."""
        return f"{self.mention_key}|{self.semester or ''}|{self.kind}{self.subgroup}{self.said}"

    @property
    def is_bare_semester(self) -> bool:
        """`S1` on a mention's page means that mention's semester: it is no group by itself."""
        return self.mention is None


def clean(name: str) -> str:
    """The name with single blanks and without the heading that a page puts before it."""
    return " ".join(name.replace("\xa0", " ").split()).removeprefix(_LEAD)


def parse(name: str, mention: str | None = None) -> ParsedName:
    """Take a published name apart; with a `mention` that the source has said, the name is left whole."""
    cleaned = clean(name)
    if mention is not None:
        return ParsedName(mention, None, "", "", "", "", _slug(cleaned), said=cleaned.casefold())
    core, code = cleaned, ""
    if found := _PARENTHESIS.match(cleaned):
        core = found["before"]
        if _CODE.match(found["inside"]):
            code = found["inside"]
    found_mention, semester, subgroup = _split(core)
    parts = _SUBGROUP.match(subgroup)
    return ParsedName(
        mention=found_mention or None,
        semester=semester,
        kind=parts["kind"] if parts else "",
        section=parts["section"] if parts else "",
        digits=parts["digits"] if parts else "",
        code=code,
        slug=_slug(core if code else cleaned),
    )


def _slug(name: str) -> str:
    return slugify(name, replacements=[("°", "")]) or "groupe"


def _split(core: str) -> tuple[str, int | None, str]:
    """Mention, semester, subgroup with its kind: peeled from the right."""
    if core.startswith("formation_"):
        words = core.removeprefix("formation_").split("_")
    elif compact := _COMPACT.match(core):
        return compact["mention"], int(compact["semester"]), compact["subgroup"]
    else:
        words = core.split(" ")
    subgroup = ""
    if len(words) > 1 and _SUBGROUP.match(words[-1]):
        subgroup = words.pop()
    if len(words) > 1 and words[-1] == "-":
        words.pop()
    semester = None
    if found := _SEMESTER.match(words[-1]):
        alone = len(words) == 1
        if not alone or not subgroup:
            semester = int(found[1])
            words.pop()
    return " ".join(words), semester, subgroup


def is_parent(parent: ParsedName, child: ParsedName) -> bool:
    """Whether the courses of `parent` are also courses of `child` (both of one publisher)."""
    if parent.mention_key != child.mention_key or parent.mention is None or parent.key == child.key:
        return False
    if parent.semester is not None and parent.semester != child.semester:
        return False
    if not parent.kind:
        return bool(child.kind) or (parent.semester is None and child.semester is not None)
    if parent.section != child.section or not child.kind:
        return False
    if "GP" in (parent.kind, child.kind):
        return child.kind == "GP" and parent.kind == "CM"
    return _is_above(parent, child)


def _is_above(parent: ParsedName, child: ParsedName) -> bool:
    if parent.digits == child.digits:
        return _KINDS.index(parent.kind) < _KINDS.index(child.kind)
    return child.digits.startswith(parent.digits) and _KINDS.index(parent.kind) <= _KINDS.index(child.kind)
