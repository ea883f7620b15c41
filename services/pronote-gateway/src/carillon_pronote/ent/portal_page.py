"""One page of a portal: its address, its text, its forms, and what stands in the way on it. Pure: no request here."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx

from carillon_pronote.errors import EntChangedError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Read in the visible text, lower-case and without accents.
_REFUSED = re.compile(
    r"(identifiant|mot de passe|login|password|credential|authenti)[^.!]{0,60}"
    r"(incorrect|invalid|errone|refuse|echou|inconnu|fail|wrong)"
    r"|(incorrect|invalid|errone|wrong|echec|mauvais)[^.!]{0,40}(identifiant|mot de passe|password|credential|authenti)"
)
_EXPIRED = re.compile(r"(session|formulaire|page|requete|demande)[^.!]{0,40}(expire|perime)|stale request")
_MAINTENANCE = re.compile(r"maintenance|indisponible|unavailable")
_CHARTER = re.compile(r"charte|conditions (generales|d.utilisation)|terms of use")
_ACCEPT = re.compile(r"accept|approuv|ai lu|ai pris connaissance|agree")
_INPUTS_NOT_SENT = frozenset({"button", "file", "image", "reset"})


@dataclass(frozen=True, slots=True)
class PortalForm:
    """A form as a browser would send it: all named fields with their values, hidden ones included."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]

    def filled(self, values: dict[str, str]) -> list[tuple[str, str]]:
        """The fields to send, with ``values`` in place of their own; values the form lacks are added at the end."""
        kept = [(name, value) for name, value in self.fields if name not in values]
        return kept + list(values.items())


@dataclass(frozen=True)
class PortalPage:
    """An answer of a portal, after its redirects.

    Attributes:
        url: where the answer came from.
        response: the answer itself, its body read.
        trail: every address visited on the way, the last one included.
    """

    url: str
    response: httpx.Response
    trail: tuple[str, ...]

    @cached_property
    def document(self) -> "HtmlElement | None":
        """The parsed HTML; None when there is nothing to parse."""
        from lxml import etree, html  # with the first portal: a gateway that visits none goes without its 4 MiB

        try:
            parser = html.HTMLParser(encoding=self.response.encoding or "utf-8", no_network=True, huge_tree=False)
            return html.document_fromstring(self.response.content, parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError):
            return None

    @cached_property
    def words(self) -> str:
        """The visible text, lower-case, without accents, blanks folded."""
        if self.document is None:
            return ""
        texts = self.document.xpath("//text()[not(ancestor::script) and not(ancestor::style)]")
        return _folded(" ".join(texts))

    def elements(self, path: str, **values: str) -> "list[HtmlElement]":
        """The elements at an XPath; ``values`` are its variables."""
        return [] if self.document is None else list(self.document.xpath(path, **values))

    def input_named(self, name: str) -> "HtmlElement | None":
        """The first input with this id or name."""
        found = self.elements("//input[@id=$name or @name=$name]", name=name)
        return found[0] if found else None

    def all_inputs(self) -> dict[str, str]:
        """Name and value of every named input of the document, in a form or not."""
        return {field.get("name"): field.get("value") or "" for field in self.elements("//input[@name]")}

    @property
    def asks_for_password(self) -> bool:
        """Whether some field on the page is for a password."""
        return bool(self.elements("//input[@type='password']"))

    @property
    def shows_captcha(self) -> bool:
        """Whether an element (not a mere script) names itself a captcha, by id, class, name or source."""
        names = "translate(concat(@id, ' ', @class, ' ', @name, ' ', @src), 'CAPTH', 'capth')"
        return bool(self.elements(f"//*[not(self::script)][contains({names}, 'captcha')]"))

    @property
    def is_out_of_service(self) -> bool:
        """Whether the portal cannot work now: a server error, or a page without any field whose heading says so."""
        if self.response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            return True
        headings = _folded(" ".join(self.elements("//title//text() | //h1//text()")))
        return not self.elements("//input[not(@type='hidden')]") and bool(_MAINTENANCE.search(headings))

    @property
    def says_refused(self) -> bool:
        """Whether the text says that user name or password are wrong."""
        return bool(_REFUSED.search(self.words))

    @property
    def says_expired(self) -> bool:
        """Whether the text says that the form sent was too old."""
        return bool(_EXPIRED.search(self.words))

    @property
    def shows_charter(self) -> bool:
        """Whether the page is a charter to accept: it names one, has a form, and speaks of accepting in it."""
        if self.asks_for_password or not _CHARTER.search(self.words):
            return False
        texts = self.elements("//form//text() | //form//input/@value | //form//input/@name | //button//text()")
        return bool(_ACCEPT.search(_folded(" ".join(texts))))

    def form_around(self, step: str, *names: str, base: str = "") -> tuple[PortalForm, tuple[str, ...]]:
        """The form that holds all these inputs, each given by id or name.

        Args:
            step: what this is, in words, for errors.
            names: id or name of each input.
            base: where targets without a leading slash begin, if the portal's description says so; "" for the page.

        Returns:
            The form, and the name under which each input is sent.

        Raises:
            EntChangedError: an input is missing or has no name, or they stand in different forms.
        """
        inputs = []
        for name in names:
            found = self.input_named(name)
            if found is None or not found.get("name"):
                raise EntChangedError(step, f"an input with the id or name {name!r} on {_place(self.url)}")
            inputs.append(found)
        holders = {found.xpath("ancestor::form[1]")[0] if found.xpath("ancestor::form") else None for found in inputs}
        holder = holders.pop()
        if holders or holder is None:
            raise EntChangedError(step, f"one form holding the inputs {', '.join(names)} on {_place(self.url)}")
        return self._read(holder, base), tuple(found.get("name") for found in inputs)

    def form_with(self, step: str, *names: str) -> PortalForm:
        """The form that holds all these inputs, each given by id or name (see :meth:`form_around`)."""
        return self.form_around(step, *names)[0]

    def first_form(self, step: str, *, base: str = "") -> PortalForm:
        """The page's first form; ``base`` as for :meth:`form_around`.

        Raises:
            EntChangedError: there is none.
        """
        forms = self.elements("//form")
        if not forms:
            raise EntChangedError(step, f"a form on {_place(self.url)}")
        return self._read(forms[0], base)

    def form_or_fields(self, step: str, url: str, *hidden: str) -> PortalForm:
        """The sign-in form, or where a script draws it, all inputs of the page, to be sent to ``url``.

        Raises:
            EntChangedError: one of the ``hidden`` inputs is missing.
        """
        if self.asks_for_password:
            return self.form_with(step, "password", *hidden)
        for name in hidden:
            if self.input_named(name) is None:
                raise EntChangedError(step, f"an input with the id or name {name!r} on {_place(self.url)}")
        return PortalForm(url, "post", tuple(self.all_inputs().items()))

    def _read(self, form: "HtmlElement", base: str) -> PortalForm:
        fields: list[tuple[str, str]] = []
        for field in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
            if field.tag == "select":
                options = field.xpath(".//option[@selected]/@value") or field.xpath(".//option/@value")
                fields.extend((field.get("name"), value) for value in options[:1])
            elif field.tag == "textarea":
                fields.append((field.get("name"), field.text or ""))
            elif _is_sent(field):
                fields.append((field.get("name"), field.get("value") or ""))
        target = (form.get("action") or "").strip()
        action = urljoin(base if base and target and not target.startswith(("/", "?")) else self.url, target)
        return PortalForm(action, (form.get("method") or "get").lower(), tuple(fields))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.lower().split())


def _is_sent(field: "HtmlElement") -> bool:
    kind = (field.get("type") or "text").lower()
    if kind in {"checkbox", "radio"}:
        return field.get("checked") is not None
    return kind not in _INPUTS_NOT_SENT


def _place(url: str) -> str:
    return httpx.URL(url).host
