"""A CELCAT server that publishes a made-up faculty, written from the description of the formats alone."""

from carillon_celcat_simulator.app import UniversitySize, create_app
from carillon_celcat_simulator.model.university import university
from carillon_celcat_simulator.sources import demonstration_sources

__all__ = ["UniversitySize", "create_app", "demonstration_sources", "university"]
