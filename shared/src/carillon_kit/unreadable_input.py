"""What is wrong with a parameter or a member of a body, in both languages: Pydantic says it in English only."""

from collections.abc import Mapping
from typing import Any

from carillon_kit.languages import Text

_FRENCH = {
    "bool_parsing": "écrivez true ou false.",
    "date_from_datetime_parsing": "écrivez une date comme 2026-11-23.",
    "date_parsing": "écrivez une date comme 2026-11-23.",
    "enum": "écrivez une de ces valeurs : {expected}.",
    "extra_forbidden": "ce nom n’est pas connu ici.",
    "float_parsing": "écrivez un nombre.",
    "greater_than": "écrivez plus que {gt}.",
    "greater_than_equal": "écrivez au moins {ge}.",
    "int_from_float": "écrivez un nombre entier.",
    "int_parsing": "écrivez un nombre entier.",
    "int_parsing_size": "ce nombre est trop grand.",
    "int_type": "écrivez un nombre entier.",
    "json_invalid": "ce n’est pas du JSON.",
    "less_than": "écrivez moins que {lt}.",
    "less_than_equal": "écrivez au plus {le}.",
    "list_type": "écrivez une liste.",
    "literal_error": "écrivez une de ces valeurs : {expected}.",
    "missing": "il manque.",
    "model_attributes_type": "écrivez un objet JSON.",
    "model_type": "écrivez un objet JSON.",
    "string_pattern_mismatch": "écrivez-le sous la forme {pattern}.",
    "string_too_long": "écrivez au plus {max_length} caractères.",
    "string_too_short": "écrivez au moins {min_length} caractères.",
    "string_type": "écrivez un texte.",
    "too_long": "donnez au plus {max_length} éléments.",
    "too_short": "donnez au moins {min_length} éléments.",
    "tuple_type": "écrivez une liste.",
    "url_parsing": "écrivez une adresse qui commence par http:// ou https://.",
    "url_scheme": "écrivez une adresse qui commence par http:// ou https://.",
    "url_too_long": "écrivez au plus {max_length} caractères.",
    "url_type": "écrivez une adresse qui commence par http:// ou https://.",
}
_OTHERWISE = "cette valeur n’est pas acceptée."


def explained(error: Mapping[str, Any]) -> Text:
    """One of Pydantic's errors; a validator of ours tells its own as `ValueError(Text(…))`."""
    context = error.get("ctx", {})
    raised = context.get("error")
    if isinstance(raised, ValueError) and raised.args and isinstance(raised.args[0], Text):
        return raised.args[0]
    expected = str(context.get("expected", "")).replace(" or ", " ou ")
    return Text(_FRENCH.get(error["type"], _OTHERWISE).format_map({**context, "expected": expected}), error["msg"])
