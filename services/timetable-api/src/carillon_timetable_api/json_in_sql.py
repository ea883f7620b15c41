"""SQL that writes JSON as our answers have it: no blanks, members in the order of a schema, times with their offset."""

from typing import get_type_hints

from pydantic import AwareDatetime

_MOMENTS = (AwareDatetime, AwareDatetime | None)


def moment(time: str) -> str:
    """A `timestamptz` as Python writes it: the fraction of a second has six digits or is left out.

    The offset is that of the connection's zone.
    """
    return f"""to_char({time}, case when {time} = date_trunc('second', {time})
        then 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM' else 'YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM' end)"""


def members(schema: type, row: str) -> str:
    """The columns of `row` that a typed dictionary has, as a list for `select`."""
    return ", ".join(
        _member(f'{row}."{name}"', kind) + f' as "{name}"' for name, kind in get_type_hints(schema).items()
    )


def _member(column: str, kind: object) -> str:
    return moment(column) if kind in _MOMENTS else column


def items(rows: str, order: str = "") -> str:
    """The rows that the name or alias `rows` stands for, with commas between; null if there are none."""
    return f"string_agg(cast(row_to_json({rows}) as text), ',' {order})"


def array(query: str) -> str:
    """The rows of a query, in its order."""
    return f"(select cast('[' || coalesce({items('item')}, '') || ']' as json) from ({query}) item)"  # noqa: S608 - no outside text
