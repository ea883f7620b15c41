"""French by default, English for those who ask."""

from typing import Literal, NamedTuple

Language = Literal["fr", "en"]


class Text(NamedTuple):
    """A sentence for people in both languages."""

    fr: str
    en: str

    def in_language(self, language: Language) -> str:
        """The sentence in one of them."""
        return self.en if language == "en" else self.fr


def preferred(accept_language: str | None) -> Language:
    """Read `Accept-Language`: `en` if it is wanted more than `fr`, else `fr`."""
    weights: dict[str, float] = {}
    for part in (accept_language or "").split(","):
        tag, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        main = tag.split("-")[0].lower()
        weights[main] = max(weights.get(main, 0.0), weight)
    return "en" if weights.get("en", 0.0) > weights.get("fr", 0.0) else "fr"
