"""Fields that are an attribute of their object, texts and numbers: nine tenths of every answer.

graphql-core prepares each field for a resolver: its place, its arguments, what it may be told of the document. Reading
an attribute needs none of this, and without it a week's timetable takes half the time.
"""

from typing import Any, NamedTuple

from graphql import GraphQLLeafType, GraphQLObjectType, GraphQLSchema, get_nullable_type, is_leaf_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

_MARK = "carillon-attribute"


class _Attribute(NamedTuple):
    name: str
    type: GraphQLLeafType
    nullable: bool


def mark_attributes(schema: GraphQLSchema) -> None:
    """Note at each field of an object type which attribute it is, if it is a mere one."""
    for named in schema.type_map.values():
        for field in named.fields.values() if isinstance(named, GraphQLObjectType) else ():
            definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            kind = get_nullable_type(field.type)
            if definition is not None and definition.is_basic_field and is_leaf_type(kind):
                field.extensions[_MARK] = _Attribute(definition.python_name, kind, kind is field.type)


class AttributesFirst(StrawberryGraphQLCoreExecutionContext):
    """Reads marked fields at once; a failure and any other field take graphql-core's way."""

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_details_list: Any, path: Any, position_context: Any
    ) -> Any:
        """A field's value."""
        field = parent_type.fields.get(field_details_list[0].node.name.value)
        attribute = field.extensions.get(_MARK) if field is not None else None
        if attribute is not None:
            try:
                value = getattr(source, attribute.name)
                return None if value is None and attribute.nullable else attribute.type.coerce_output_value(value)
            except Exception:  # noqa: BLE001, S110 - the long way tells it, and where
                pass
        return super().execute_field(parent_type, source, field_details_list, path, position_context)
