"""Made-up rooms and teachers, named in the way of the Toulouse pages."""

from random import Random

from carillon_celcat_simulator.model.timetable import Person, Room

_SCIENTISTS = (
    "NOETHER", "LOVELACE", "GERMAIN", "HYPATIE", "MEITNER", "FRANKLIN", "HOPPER", "KOVALEVSKAIA", "LEAVITT", "AGNESI",
    "CANNON", "DU CHATELET", "HERSCHEL", "JOHNSON", "LAMARR", "MIRZAKHANI", "PAYNE", "RUBIN", "SOMERVILLE", "WU",
)  # fmt: skip
_SURNAMES = (
    "AUBEPINE", "BRUYERE", "CAPUCINE", "DAHLIA", "EGLANTINE", "FOUGERE", "GENTIANE", "HELLEBORE", "IRIS", "JONQUILLE",
    "KALMIA", "LAVANDE", "MYOSOTIS", "NARCISSE", "ORCHIDEE", "PERVENCHE", "REINE-DES-PRÉS", "SAUGE", "TUSSILAGE",
    "VALÉRIANE", "D'ANCOLIE", "ZINNIA",
)  # fmt: skip
_FIRST_NAMES = ("Alix", "Camille", "Claude", "Dominique", "Maël", "Noé", "Sacha", "Zoé", "Anne-Lise", "Jean")
_CLASS_BUILDINGS = ("U2", "U4", "U5", "1R3", "2TP1")
_PRACTICAL_BUILDINGS = ("U1", "U3", "U6")


def make_rooms(count: int) -> tuple[Room, ...]:
    """`count` rooms with distinct names: a tenth of them amphitheatres, three in ten for practical work."""
    amphitheatres = max(1, count // 10)
    practicals = max(1, count * 3 // 10)
    names = [(_amphitheatre(number), "amphi", 180 + 20 * (number % 8)) for number in range(amphitheatres)]
    names += [(_practical(number), "practical", 16 + 2 * (number % 6)) for number in range(practicals)]
    names += [(_class(number), "class", 30 + 2 * (number % 10)) for number in range(count - len(names))]
    return tuple(
        Room(number, name, building, kind, seats)
        for number, ((name, building), kind, seats) in enumerate(names, start=3001)
    )


def _amphitheatre(number: int) -> tuple[str, str]:
    round_, place = divmod(number, len(_SCIENTISTS))
    building = ("U5", "2A", "3A", "4R2")[place % 4]
    return f"Amphi {_SCIENTISTS[place]}{f' {round_ + 1}' if round_ else ''} ({building})", building


def _practical(number: int) -> tuple[str, str]:
    building = _PRACTICAL_BUILDINGS[number % len(_PRACTICAL_BUILDINGS)]
    place = number // len(_PRACTICAL_BUILDINGS)
    # Doubled blanks are in recorded names too.
    tail = ("TP INFO", " TP info  Chimie", "TP-INFO multimédia", "TP Optique")[0 if place % 4 < 2 else place % 4]
    return f"{building}-{1 + place % 3}{place // 3 + 31:02} {tail}", building


def _class(number: int) -> tuple[str, str]:
    place, building_number = divmod(number, len(_CLASS_BUILDINGS) + 1)
    if building_number == len(_CLASS_BUILDINGS):
        return f"S{place + 41} (derrière la serre)", "Serre"
    building = _CLASS_BUILDINGS[building_number]
    return f"{building}-{1 + place % 3}{place // 3 + 51:02}{' bis' if number % 17 == 16 else ''}", building


def make_staff(count: int, chance: Random) -> tuple[Person, ...]:
    """`count` made-up teachers."""
    return tuple(Person(70001 + number, _surname(number), chance.choice(_FIRST_NAMES)) for number in range(count))


def _surname(number: int) -> str:
    """The first have one name, the others two."""
    round_, place = divmod(number, len(_SURNAMES))
    return _SURNAMES[place] + (f"-{_SURNAMES[(place + round_) % len(_SURNAMES)]}" if round_ else "")
