"""The public holidays of French law, overseas included, computed for any year.

The institution's zone tells the territory. Elsewhere than in France none is known, and Alsace and Moselle, whose two
further days no zone tells, have those of the mainland.
"""

from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

_TERRITORIES = {
    "Europe/Paris": None,
    "America/Guadeloupe": "971",
    "America/Martinique": "972",
    "America/Cayenne": "973",
    "Indian/Reunion": "974",
    "Indian/Mayotte": "976",
    "America/St_Barthelemy": "BL",
    "America/Marigot": "MF",
    "America/Miquelon": "PM",
    "Indian/Kerguelen": "TF",
    "Pacific/Noumea": "NC",
    "Pacific/Tahiti": "PF",
    "Pacific/Marquesas": "PF",
    "Pacific/Gambier": "PF",
    "Pacific/Wallis": "WF",
}


def is_holiday(day: date, zone: ZoneInfo) -> bool:
    """Whether the law makes a holiday of this day where the institution is."""
    holidays = _holidays(zone.key)
    return holidays is not None and day in holidays


@cache
def _holidays(zone: str) -> HolidayBase | None:
    return country_holidays("FR", subdiv=_TERRITORIES[zone]) if zone in _TERRITORIES else None
