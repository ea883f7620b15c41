"""Documents that were found valid for a schema are parsed and validated once, as long as they are asked for.

A parsed document takes 200 to 350 bytes for each of its characters, and callers write it: so characters are bounded,
not documents, and what is not valid is not kept.
"""

from collections import OrderedDict
from collections.abc import Iterator

from graphql import DocumentNode
from strawberry.extensions import SchemaExtension

CHARACTERS_KEPT = 16_000
LONGEST_KEPT = 4_000


class KnownDocuments:
    """The documents of one schema that were asked for last, by their text."""

    def __init__(self, most_characters: int = CHARACTERS_KEPT, longest: int = LONGEST_KEPT) -> None:
        self._most_characters, self._longest = most_characters, longest
        self._parsed: OrderedDict[str, DocumentNode] = OrderedDict()
        self.characters = 0

    def get(self, text: str | None) -> DocumentNode | None:
        """The parsed document, if it is known."""
        found = self._parsed.get(text or "")
        if found is not None:
            self._parsed.move_to_end(text or "")
        return found

    def keep(self, text: str | None, parsed: DocumentNode | None) -> None:
        """Know a valid document from now on."""
        if not text or parsed is None or text in self._parsed or len(text) > self._longest:
            return
        self._parsed[text] = parsed
        self.characters += len(text)
        while self.characters > self._most_characters:
            self.characters -= len(self._parsed.popitem(last=False)[0])


class KnownDocumentsFirst(SchemaExtension):
    """Takes a request's document from the known ones, else makes it known; one for each request."""

    def __init__(self, known: KnownDocuments) -> None:
        super().__init__()
        self._known, self._is_known = known, False

    def on_parse(self) -> Iterator[None]:
        """Strawberry parses only what is not parsed yet."""
        found = self._known.get(self.execution_context.query)
        if found is not None:
            self._is_known, self.execution_context.graphql_document = True, found
        yield

    def on_validate(self) -> Iterator[None]:
        """Strawberry validates only what has no list of errors yet."""
        context = self.execution_context
        if self._is_known:
            context.pre_execution_errors = []
        yield
        if not self._is_known and not context.pre_execution_errors:
            self._known.keep(context.query, context.graphql_document)
