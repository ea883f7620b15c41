"""Requests to one Calendar 8 server: signed in where the source has an account, again when the session has expired."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from carillon_kit.languages import Text
from carillon_kit.sources_file import Secret, SourceEntry
from pydantic import Field, model_validator

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.answer import Answer
from carillon_scraper.formats import celcat_login, html_page
from carillon_scraper.readers.one_by_one import parsed
from carillon_scraper.readers.resource_choice import ALL, Patterns
from carillon_scraper.visit import Visit

AFTER_REFUSAL = timedelta(hours=6)
"""A wrong password is not tried often: the account could be locked."""

_ASKED_TO_SIGN_IN = frozenset({"login-needed", "login-page"})


class CelcatCalendarEntry(SourceEntry):
    """`url` is the calendar's base, everything before `/Home`, or the address of its page in a browser."""

    groups: Patterns = Field(default=ALL, description="Ids (`IINA9CMA`) or patterns of names and ids.")
    ignore_categories: tuple[str, ...] = Field(
        default=("CONGES", "FERIE", "PONT"), description="Events of these categories are no courses."
    )
    login_path: str = Field(default="LdapLogin", pattern=r"^[A-Za-z0-9/_-]{1,80}$")
    user: Secret | None = None
    password: Secret | None = None

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password belong together: give both or neither")
        return self

    @property
    def base(self) -> str:
        """Everything before `/Home`."""
        parts = urlsplit(self.address)
        path = parts.path.partition("/Home")[0].rstrip("/")
        path = path.removesuffix("/cal").removesuffix("/fullcalendar")
        return urlunsplit(parts._replace(path=path, query="", fragment=""))


@dataclass
class CelcatSession:
    """Asks one server; cookies live in the source's memory."""

    visit: Visit[CelcatCalendarEntry]
    signed_in_again: bool = False

    async def post(
        self, path: str, form: Mapping[str, str | list[str]], expected: frozenset[str] = frozenset()
    ) -> Answer:
        """Post a form below the base, signing in first if need be; `expected` as for `Fetcher.request`.

        Raises:
            ReadFailedError: also `login-needed` without an account, `login-refused` with a wrong one.
        """
        account = self.visit.entry.user is not None
        if account and not len(self.visit.memory.cookies):
            await self._sign_in()
        try:
            return await self._post(path, form, expected)
        except ReadFailedError as error:
            if not account or error.code not in _ASKED_TO_SIGN_IN or self.signed_in_again:
                raise
        self.signed_in_again = True  # once a read: a server that refuses a fresh session will do so again
        await self._sign_in()
        return await self._post(path, form, expected)

    async def _post(self, path: str, form: Mapping[str, str | list[str]], expected: frozenset[str]) -> Answer:
        answer = await self.visit.fetcher.request(
            "POST",
            f"{self.visit.entry.base}/{path}",
            form=form,
            headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"},
            cookies=self.visit.memory.cookies,
            expected=expected,
        )
        if answer.body.lstrip()[:1] == b"<":  # a web page in place of JSON
            error = html_page.html_instead(answer.body)
            error.body = answer.body
            raise error
        return answer

    async def _sign_in(self) -> None:
        entry, memory = self.visit.entry, self.visit.memory
        if entry.user is None or entry.password is None:
            raise AssertionError("only called with an account")
        memory.cookies.clear()
        url = f"{entry.base}/{entry.login_path}"
        page = await self.visit.fetcher.request("GET", url, cookies=memory.cookies)
        form = await parsed(celcat_login.hidden_fields, page)
        secrets = {"Name": entry.user.get_secret_value(), "Password": entry.password.get_secret_value()}
        answer = await self.visit.fetcher.request(
            "POST", f"{url}/Logon", form={**form, **secrets}, cookies=memory.cookies, accept_redirect=True
        )
        target = str(answer.headers.get("location", ""))
        if answer.status != 302 or "login" in target.lower():  # noqa: PLR2004 - the form again is a refusal
            memory.cookies.clear()
            raise ReadFailedError(
                "login-refused",
                Text(
                    "Le serveur refuse l'identifiant ou le mot de passe : vérifiez user et password",
                    "The server refuses the user name or password: check user and password",
                ),
                final=True,
                retry_at=self.visit.now + AFTER_REFUSAL,
            )
