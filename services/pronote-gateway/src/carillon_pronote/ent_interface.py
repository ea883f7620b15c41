"""What the client asks of a sign-in through a regional portal (ENT, CAS)."""

from typing import Protocol

import httpx


class EntSignIn(Protocol):
    """One portal's way from a user name and password to the Pronote page."""

    async def __call__(self, http: httpx.AsyncClient, page_url: str, username: str, password: str) -> httpx.Response:
        """Run the portal's flow and return the answer that is the Pronote page.

        Args:
            http: a client with a cookie jar of its own, ``follow_redirects=False`` and time-outs set; its cookies are
                kept for the Pronote session that follows.
            page_url: the Pronote page asked for, with its file name: ``https://host/pronote/eleve.html``.
            username: the person's name at the portal.
            password: the password at the portal.

        Returns:
            The answer whose HTML holds ``Start({… e: …, f: …})``.

        Raises:
            WrongCredentialsError: the portal refused the person.
            EntUnknownError: no such portal.
            EntChangedError: a page of the portal is not as described.
        """
        ...
