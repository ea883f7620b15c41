"""Executes a document against the schema of the account."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import strawberry
import structlog
from carillon_pronote import PARIS, AccountKind
from carillon_pronote.errors import PronoteError
from graphql import GraphQLError, GraphQLObjectType, Undefined
from strawberry.extensions import (
    AddValidationRules,
    DisableIntrospection,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionContext

from carillon_pronote_gateway.graphql_schemas.attribute_fields import AttributesFirst, mark_attributes
from carillon_pronote_gateway.graphql_schemas.context import RequestContext
from carillon_pronote_gateway.graphql_schemas.known_documents import KnownDocuments, KnownDocumentsFirst
from carillon_pronote_gateway.graphql_schemas.mutations import Mutation
from carillon_pronote_gateway.graphql_schemas.queries import QUERIES, StaffQuery
from carillon_pronote_gateway.translations import javascript_dates

log = structlog.get_logger()


@dataclass(frozen=True)
class DocumentLimits:
    """How large a document may be."""

    depth: int
    aliases: int
    tokens: int
    introspection: bool


class _QuietSchema(strawberry.Schema):
    """Errors are answered, and logged by us without what they may hold."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Do nothing."""


def _date(timezone: ZoneInfo) -> Any:
    def read(value: object) -> datetime:
        return javascript_dates.read(value, timezone)

    return strawberry.scalar(name="Date", serialize=javascript_dates.write, parse_value=read)


@cache
def schema_of(account: AccountKind, limits: DocumentLimits, timezone: ZoneInfo = PARIS) -> strawberry.Schema:
    """The schema of a kind of account; times without a zone are `timezone`'s."""
    # The same rules for every request, so that a document is validated once and then known.
    rules = [*QueryDepthLimiter(limits.depth).validation_rules, *MaxAliasesLimiter(limits.aliases).validation_rules]
    known = KnownDocuments()
    extensions: list[Any] = [
        lambda: AddValidationRules(rules),
        lambda: MaxTokensLimiter(max_token_count=limits.tokens),
        lambda: KnownDocumentsFirst(known),
    ]
    if not limits.introspection:
        rules.extend(DisableIntrospection().validation_rules)
    config = StrawberryConfig(
        scalar_map={datetime: _date(timezone)}, disable_field_suggestions=not limits.introspection
    )
    schema = _QuietSchema(
        query=QUERIES.get(account, StaffQuery),
        mutation=Mutation,
        extensions=extensions,
        config=config,
        execution_context_class=AttributesFirst,
    )
    _leave_out_null_defaults(schema)
    mark_attributes(schema._schema)  # noqa: SLF001 - as above
    return schema


def _leave_out_null_defaults(schema: strawberry.Schema) -> None:
    """As in pronote-api, an argument that may be left out has no default of its own."""
    for named in schema._schema.type_map.values():  # noqa: SLF001 - Strawberry has no other way
        for field in named.fields.values() if isinstance(named, GraphQLObjectType) else ():
            for argument in field.args.values():
                if argument.default_value is None:
                    argument.default_value = Undefined


async def execute(
    schema: strawberry.Schema,
    query: str,
    variables: dict[str, Any] | None,
    operation: str | None,
    context: RequestContext,
) -> dict[str, Any]:
    """Give the answer's body: `data`, and `errors` where there are some."""
    try:
        result = await schema.execute(query, variables, context, operation_name=operation)
    except CannotGetOperationTypeError:  # none of that name, or none at all
        return {"errors": [{"message": "operationName must name one of the document's operations"}]}
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = [_shown(error) for error in result.errors]
    if result.data is not None or not result.errors or any(error.path for error in result.errors):
        body["data"] = result.data
    return body


def _shown(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    shown: dict[str, Any] = {"message": error.message}
    if isinstance(cause, PronoteError):
        shown = {"message": str(cause), "extensions": {"code": cause.code}}
    elif cause is not None and not isinstance(cause, GraphQLError | ValueError):
        log.error("graphql_field_failed", path=error.path, kind=type(cause).__name__, exc_info=cause)
        shown = {"message": "Internal error"}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shown["path"] = list(error.path)
    return shown
