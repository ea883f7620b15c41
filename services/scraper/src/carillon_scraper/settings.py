"""What the operator can choose for the scraper; field `x` is read from `CARILLON_X`, durations are seconds."""

from pathlib import Path

from carillon_kit.quiet_hours import QuietHours
from carillon_kit.settings import HttpProxySettings, ServiceSettings
from pydantic import Field


class Settings(ServiceSettings, HttpProxySettings):
    """The scraper's settings."""

    sources: Path | None = Field(default=None, description="The sources file; without it nothing is read.")
    operator_contact: str | None = Field(
        default=None, max_length=200, description="An address or page for the owners of the servers that are read."
    )
    allow_private_addresses: bool = Field(
        default=False, description="Read servers of private networks and this machine."
    )
    request_pause_s: float = Field(default=1.0, ge=0, description="Between two requests to one host.")
    request_timeout_s: float = Field(default=30.0, gt=0, description="For the server to say something.")
    answer_timeout_s: float = Field(default=120.0, gt=0, description="For one whole answer.")
    answer_max_bytes: int = Field(default=20 * 1024**2, ge=1024, description="A longer answer is not read.")
    request_tries: int = Field(
        default=3, ge=1, le=10, description="How often a request is tried that may succeed soon."
    )
    retry_pause_s: float = Field(default=2.0, ge=0, description="Before the second try; doubles from then on.")
    failures_before_rest: int = Field(default=5, ge=1, description="In a row, then a host is left alone for a while.")
    rest_s: float = Field(default=300.0, gt=0, description="How long at first; doubles up to six hours.")
    schedule_jitter: float = Field(default=0.1, ge=0, le=0.5, description="Share by which intervals vary.")
    quiet_hours: QuietHours = Field(default=None, description="When no request is made, e.g. 22:00-05:00.")
    plausible_drop: float = Field(
        default=0.5, gt=0, lt=1, description="A read that loses more than this share of what was known is doubted."
    )
    confirm_after_s: float = Field(default=600.0, ge=0, description="A second read this much later is believed.")
    failed_answers: Path | None = Field(
        default=None, description="A folder for the last failing answer of each source."
    )
