"""A Pronote server with a made-up school inside, written from the description of the wire protocol alone."""

from carillon_pronote_simulator.app import create_app
from carillon_pronote_simulator.eras import ERAS

__all__ = ["ERAS", "create_app"]
