"""What the operator can choose for the timetable API."""

from pathlib import Path

from carillon_kit.settings import HttpProxySettings, RateLimitSettings, ServiceSettings
from pydantic import Field, SecretStr


class Settings(ServiceSettings, RateLimitSettings, HttpProxySettings):
    """Field `x` is read from `CARILLON_X`."""

    database_url: str = Field(description="`postgresql+asyncpg://user:password@host/database`.")
    sources: Path | None = Field(default=None, description="The sources file; of it the institution counts here.")
    page_size: int = Field(default=100, ge=0, le=1000, description="Items a page; 0: lists are not paginated.")
    tombstone_s: int = Field(
        default=60 * 86400, ge=0, description="How long feeds show a removed course as a cancelled one."
    )
    cache_mib: int = Field(default=64, ge=0, description="Memory for answers kept ready.")
    secret_keys: SecretStr | None = Field(
        default=None, description="Seals webhook secrets: 32 bytes in base64, several by commas, the newest first."
    )
    allow_private_addresses: bool = Field(default=False, description="Whether webhooks may go into private networks.")
