"""Settings from environment variables: field `x` is read from `CARILLON_X`; durations end in `_s` (seconds)."""

import sys
from typing import Annotated, NamedTuple, NoReturn, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from limits import parse_many
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What the operator can choose for every service; an empty variable counts as not set."""

    model_config = SettingsConfigDict(env_prefix="CARILLON_", frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = Field(default="127.0.0.1", description="The address a service listens on; compose sets 0.0.0.0.")
    port: int = Field(default=0, ge=0, le=65535, description="0: a free one.")
    nats_url: str = Field(default="nats://127.0.0.1:4222")
    nats_replicas: int = Field(default=1, ge=1, le=5, description="Copies of each stream and bucket in a NATS cluster.")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    forwarded_allow_ips: str = Field(default="127.0.0.1", description="Proxies whose X-Forwarded headers are believed.")

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings; exits with status 2 and every missing or bad variable at once."""
        try:
            return cls()
        except ValidationError as error:
            _refuse(error)


class InstitutionSettings(BaseSettings):
    """The institution whose days and weeks count; mixed into the settings of services that need it."""

    model_config = SettingsConfigDict(env_prefix="CARILLON_", frozen=True, extra="ignore")

    timezone: ZoneInfo = Field(default=ZoneInfo("Europe/Paris"), description="IANA zone, e.g. America/Martinique.")


class RateLimit(NamedTuple):
    """At most so many requests within so many seconds, in the notation of the library `limits`."""

    requests: int
    seconds: int

    @classmethod
    def read(cls, said: str) -> "RateLimit | None":
        """`12000/minute`, `100/10seconds`; None of `0`, which is no limit; ValueError for anything else."""
        if said in ("", "0"):
            return None
        found = parse_many(said)
        if len(found) != 1 or not found[0].amount:
            raise ValueError("write one number of requests and a time, such as 12000/minute, or 0 for no limit")
        return cls(found[0].amount, found[0].get_expiry())


def _rate_limit(value: object) -> object:
    return RateLimit.read(value) if isinstance(value, str) else value


class RateLimitSettings(BaseSettings):
    """How much one caller may ask; mixed into the settings of services that outside callers reach."""

    model_config = SettingsConfigDict(env_prefix="CARILLON_", frozen=True, extra="ignore", env_ignore_empty=True)

    rate_limit: Annotated[RateLimit | None, NoDecode, BeforeValidator(_rate_limit)] = Field(
        default=RateLimit(12000, 60), description="Requests an address and time, e.g. `600/minute`; `0`: no limit."
    )


def _proxy(value: SecretStr) -> SecretStr:
    """The error does not repeat the value, which may hold a password."""
    try:
        parts = urlsplit(value.get_secret_value().strip())
        usable = parts.scheme in ("http", "https", "socks5", "socks5h") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("write a proxy as http://user:password@host:port or socks5://host:port")
    return value


class HttpProxySettings(BaseSettings):
    """How others are reached in a network that lets nobody out by himself; mixed into settings of what calls out."""

    model_config = SettingsConfigDict(env_prefix="CARILLON_", frozen=True, extra="ignore", env_ignore_empty=True)

    http_proxy: Annotated[SecretStr, AfterValidator(_proxy)] | None = Field(
        default=None,
        description="Through which others are reached: http://user:password@host:port, socks5://host:port.",
    )

    @property
    def proxy(self) -> str | None:
        """The proxy's address, with its password."""
        return None if self.http_proxy is None else self.http_proxy.get_secret_value().strip()


def _refuse(error: ValidationError) -> NoReturn:
    for problem in error.errors(include_input=False, include_url=False):
        name = "CARILLON_" + "_".join(str(part) for part in problem["loc"]).upper()
        sys.stderr.write(f"{name}: {problem['msg']}\n")
    sys.exit(2)
