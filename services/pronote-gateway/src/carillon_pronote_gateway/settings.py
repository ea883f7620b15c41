"""What the operator can choose for the Pronote gateway."""

from pathlib import Path

from carillon_kit.quiet_hours import QuietHours
from carillon_kit.settings import InstitutionSettings, RateLimitSettings, ServiceSettings
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings, InstitutionSettings, RateLimitSettings):
    """Field `x` is read from `CARILLON_X`; an empty variable counts as not set."""

    model_config = SettingsConfigDict(env_prefix="CARILLON_", frozen=True, extra="ignore", env_ignore_empty=True)

    secret_keys: SecretStr | None = Field(
        default=None, description="Keys that sessions are sealed with, 32 bytes in base64 each; the first one seals."
    )
    allow_private_addresses: bool = Field(
        default=False, description="Sign in at servers of private networks and without TLS."
    )
    ent_file: Path | None = Field(default=None, description="The operator's own portals (docs/ent.md).")
    geolocation_url: str = Field(
        default="https://www.index-education.com/swie/geoloc.php",
        description="Where schools near a place are asked for.",
    )
    sources: Path | None = Field(default=None, description="The sources file, for watched accounts.")
    cors_origins: str = Field(default="", description="Origins whose pages may call, with commas; `*` for all.")
    max_body_bytes: int = Field(default=2_000_000, ge=1024, description="The longest request, uploads included.")

    session_idle_s: float = Field(default=3600.0, gt=0, description="A session that nobody uses ends after this.")
    session_lease_s: float = Field(
        default=10.0, gt=0, description="How long a replica that died still holds its sessions."
    )
    session_park_s: float = Field(default=30.0, gt=0, description="An unused session leaves the memory after this.")
    session_keep_alive_s: float = Field(default=110.0, gt=0, description="Between two signs of life to Pronote.")
    session_sweep_s: float = Field(default=5.0, gt=0, description="How often sessions are looked over.")
    sessions_per_user: int = Field(default=10, ge=1, description="A further sign-in ends the oldest.")
    sessions_per_host: int = Field(default=1000, ge=1, description="At one school's Pronote.")
    sessions_in_all: int = Field(default=5000, ge=1)

    sign_ins_per_address: str = Field(default="30/15minutes", description="Attempts of one caller's IP address.")
    sign_ins_per_account: str = Field(default="10/15minutes", description="Attempts at one Pronote account.")

    graphql_introspection: bool = True
    graphql_max_depth: int = Field(default=12, ge=3)
    graphql_max_aliases: int = Field(default=30, ge=1)
    graphql_max_tokens: int = Field(default=2000, ge=100)
    graphql_max_pages: int = Field(default=20, ge=1, description="Pages of Pronote that one request may ask for.")

    watch_pause_s: float = Field(default=1.0, ge=0, description="Between two requests of a watched account.")
    watch_jitter: float = Field(default=0.1, ge=0, le=0.5, description="Share by which intervals vary.")
    quiet_hours: QuietHours = Field(default=None, description="When no watched account is read, e.g. 22:00-05:00.")
