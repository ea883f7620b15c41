"""The protocol eras a simulated Pronote can speak (facts: PROTOCOL.md §3)."""

from dataclasses import dataclass
from typing import Literal

ChallengeStyle = Literal["alea", "raw"]


@dataclass(frozen=True)
class Era:
    """How one generation of Pronote writes its page and its messages.

    `secure`, `order` and `function` name the members of the outer message, `data` and `signature` those of the inner
    one. `encrypt` and `compress` are the settings this profile uses unless the caller overrides them.
    """

    name: str
    version: tuple[int, int, int]
    function: str
    order: str
    secure: str
    data: str
    signature: str
    names_function_inside: bool
    encrypt: bool
    compress: bool
    enabling_flags: bool
    own_rsa_key: bool
    script_page: bool
    challenge: ChallengeStyle
    new_upload_names: bool
    questions_in_news_list: bool

    @property
    def version_text(self) -> str:
        """The version as the page shows it, such as `2025.2.8`."""
        return ".".join(map(str, self.version))


def _era(
    name: str,
    version: tuple[int, int, int],
    *,
    encrypt: bool,
    compress: bool,
    own_rsa_key: bool = False,
    challenge: ChallengeStyle = "alea",
) -> Era:
    short_outer_names = version >= (2025, 1, 3)
    english_inner_names = version >= (2024, 3, 9)
    newest_page = version >= (2026, 2, 4)
    return Era(
        name=name,
        version=version,
        function="id" if short_outer_names else "nom",
        order="no" if short_outer_names else "numeroOrdre",
        secure="dataSec" if short_outer_names else "donneesSec",
        data="data" if english_inner_names else "donnees",
        signature="Signature" if english_inner_names else "_Signature_",
        names_function_inside=not short_outer_names,
        encrypt=encrypt,
        compress=compress,
        enabling_flags=short_outer_names,
        own_rsa_key=own_rsa_key,
        script_page=newest_page,
        challenge=challenge,
        new_upload_names=short_outer_names,
        questions_in_news_list=not newest_page,
    )


# The 2023 profile is plain because pronote-api 3.1.0 would otherwise use the constant RSA key, whose private half
# nobody outside Index Éducation has. The others differ on purpose, so that together they use every setting.
ERAS: dict[str, Era] = {
    era.name: era
    for era in (
        _era("2022", (2022, 0, 24), encrypt=True, compress=True, own_rsa_key=True),
        _era("2023", (2023, 0, 28), encrypt=False, compress=False),
        _era("2024.3.9", (2024, 3, 9), encrypt=True, compress=False),
        _era("2025.2.8", (2025, 2, 8), encrypt=True, compress=True),
        _era("2026.2.4", (2026, 2, 4), encrypt=True, compress=True),
        _era("2026.2.5", (2026, 2, 5), encrypt=False, compress=False, challenge="raw"),
    )
}
