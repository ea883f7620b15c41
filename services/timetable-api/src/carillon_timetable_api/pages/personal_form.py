"""What the form of a personal calendar holds: groups and rooms, rules line by line, a name."""

from pydantic import ValidationError
from starlette.datastructures import FormData, QueryParams

from carillon_timetable_api.feeds.choice import Choice

_MOST_RULES = 20
_SHORTEST_ID, _LONGEST_ID = 1, 9
ASPECTS = ("name", "type", "group")


class PersonalForm:
    """As written; `choice` is None where nothing is chosen or a rule is impossible."""

    def __init__(self, fields: QueryParams | FormData) -> None:
        self.name = _text(fields.get("name"))[:100]
        self.find = _text(fields.get("find"))[:200]
        self.key = _text(fields.get("key"))[:200]
        self.groups = _ids(fields, "group")
        self.rooms = _ids(fields, "room")
        lines = zip(*(fields.getlist(f"rule_{part}") for part in ("action", "aspect", "value")), strict=False)
        self.rules = [
            (str(action), str(aspect), _text(value))
            for action, aspect, value in lines
            if _text(value) and action in ("include", "exclude") and aspect in ASPECTS
        ][:_MOST_RULES]
        self.group_ids: dict[str, int] = {}
        """The ids of the groups that rules name; looked up before `choice` is asked for."""

    @property
    def choice(self) -> Choice | None:
        """What `/api/feeds/` understands."""
        rules = [
            {"action": action, aspect: self.group_ids.get(value, value) if aspect == "group" else value}
            for action, aspect, value in self.rules
        ]
        try:
            return Choice.model_validate({"groups": self.groups, "rooms": self.rooms, "rules": rules})
        except ValidationError:
            return None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen yet."""
        return not self.groups and not self.rooms


def _text(value: object) -> str:
    """Without the one character that PostgreSQL cannot keep."""
    return str(value or "").replace("\0", "").strip()


def _ids(fields: QueryParams | FormData, name: str) -> list[int]:
    written = (str(value) for value in fields.getlist(name))
    found = (int(value) for value in written if value.isascii() and value.isdigit() and len(value) <= _LONGEST_ID)
    return list(dict.fromkeys(one for one in found if one >= _SHORTEST_ID))[:50]
