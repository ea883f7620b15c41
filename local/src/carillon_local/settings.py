"""What the operator can choose for the embedded mode, as environment variables `CARILLON_…`."""

from pathlib import Path

from carillon_kit.settings import ServiceSettings
from pydantic import Field


class LocalSettings(ServiceSettings):
    """`host` and `port` are the edge's; every other `CARILLON_…` variable is handed on to the services."""

    port: int = Field(default=8000, ge=1, le=65535, description="Where everything is answered.")
    data_dir: Path = Field(default=Path(".carillon"), description="The database, the streams and the logs.")
    sources: Path | None = Field(default=None, description="The sources file; without it, a made-up faculty is shown.")

    @property
    def data_folder(self) -> Path:
        """Where the data of this run are: the made-up faculty's never mix with those of the operator's own sources."""
        return (self.data_dir if self.sources is not None else self.demonstration_folder).resolve()

    @property
    def demonstration_folder(self) -> Path:
        """Where those of the made-up faculty are."""
        return self.data_dir / "demonstration"
