"""A Pronote server with a made-up school inside, written from the description of the wire protocol alone."""

from carillon_pronote_simulator.app import create_app
from carillon_pronote_simulator.eras import ERAS
from carillon_pronote_simulator.server import run

__all__ = ["ERAS", "create_app", "run"]
