"""Fields read at once give what graphql-core's own way gives, errors and their places included."""

from datetime import UTC, datetime
from enum import Enum

import pytest
import strawberry
from carillon_pronote_gateway.graphql_schemas.attribute_fields import AttributesFirst, mark_attributes


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.type
class Lesson:
    id: str
    start: datetime
    colour: Colour | None
    places: int
    note: float | None = None
    rooms: list[str] | None = None

    @strawberry.field
    def title(self) -> str:
        return f"lesson {self.id}"


def lessons() -> list[Lesson]:
    moment = datetime(2026, 11, 20, 8, tzinfo=UTC)
    return [
        Lesson(id="1", start=moment, colour=Colour.RED, places=30, note=1.5, rooms=["A1"]),
        Lesson(id="2", start=moment, colour=None, places=0),
        Lesson(id="3", start=moment, colour="blue", places=1 << 40, note="high", rooms="B2"),  # type: ignore[arg-type]
        Lesson(id=None, start=None, colour=None, places=None),  # type: ignore[arg-type]
    ]


@strawberry.type
class Query:
    @strawberry.field
    async def lessons(self) -> list[Lesson | None]:
        return list(lessons())

    @strawberry.field
    def first(self) -> Lesson:
        return lessons()[0]


@pytest.mark.parametrize(
    "document",
    [
        "{ first { __typename id begin: start colour places note rooms title } }",
        "{ lessons { id } }",
        "{ lessons { start } }",
        "{ lessons { colour note rooms } }",
        "{ lessons { places } }",
        "{ lessons { ...of } } fragment of on Lesson { title places other: places @skip(if: true) }",
    ],
)
async def test_the_same_data_and_errors(document):
    plain = strawberry.Schema(Query)
    ours = strawberry.Schema(Query, execution_context_class=AttributesFirst)
    mark_attributes(ours._schema)
    wanted, got = await plain.execute(document), await ours.execute(document)
    assert got.data == wanted.data
    assert [error.formatted for error in got.errors or ()] == [error.formatted for error in wanted.errors or ()]
