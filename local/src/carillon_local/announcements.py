"""What the embedded mode tells its user: plain lines, or with colours and a moving progress in a terminal."""

import time

from rich.console import Console
from rich.status import Status
from rich.text import Text


class Announcements:
    """Lines on the standard output; those of `progress` replace each other in a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._status: Status | None = None
        self._last_progress = ("", 0.0)

    def line(self, text: str, style: str = "") -> None:
        """Say something."""
        self._console.print(Text(text, style=style))

    def ready(self, part: str, seconds: float) -> None:
        """A part can do its work, this long after it was started."""
        self.line(f"  {part:<18} ready  {seconds:4.1f} s", "green")

    def trouble(self, text: str) -> None:
        """Something went wrong that we can live with."""
        self.line(f"! {text}", "yellow")

    def progress(self, text: str) -> None:
        """How far a long work is: in a terminal at once, else when it changed, and at most once a second."""
        if self._console.is_terminal:
            if self._status is None:
                self._status = self._console.status(text)
                self._status.start()
            self._status.update(text)
            return
        shown, when = self._last_progress
        if text != shown and time.monotonic() - when >= 1:
            self._last_progress = (text, time.monotonic())
            self.line(text)

    def progress_ends(self) -> None:
        """The long work is over."""
        if self._status is not None:
            self._status.stop()
            self._status = None
