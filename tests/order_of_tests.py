"""Which tests share a worker, and which come first.

Tests that share a running stack or a judge's environment stay together; what takes longest begins first, so that no
worker is left with it at the end. (pytest-xdist's own groups have no effect with pytest 9.2, whose node ids are fixed.)
"""

from xdist.scheduler import LoadScopeScheduling

LONGEST_FIRST = ("tests/system/", "tests/pages/", "tests/judges/", "tests/ent/", "tests/pronote_gateway/")


def place_of(node_id: str) -> str:
    """What is kept together: the pages, a class of the system tests, else a file."""
    file, _, name = node_id.partition("::")
    if file.startswith("tests/pages/"):
        return "tests/pages/"
    return f"{file}::{name.partition('::')[0]}" if file.startswith("tests/system/") else file


def rank_of(node_id: str) -> int:
    """Lower ranks begin earlier."""
    return next((rank for rank, place in enumerate(LONGEST_FIRST) if node_id.startswith(place)), len(LONGEST_FIRST))


class SchedulingByPlace(LoadScopeScheduling):
    """Gives each worker one place after the other, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        return place_of(nodeid)
