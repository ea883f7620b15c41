"""What the operator can choose for the Pronote gateway."""

from carillon_kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Field `x` is read from `CARILLON_X`."""
