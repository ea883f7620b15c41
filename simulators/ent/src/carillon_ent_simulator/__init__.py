"""The regional portals (ENT, CAS) as a simulator, each with the pages the clients know and a Pronote behind it."""

from carillon_ent_simulator.portal_hosts import DIRECT_PRONOTE, portals, pronote_page
from carillon_ent_simulator.portal_state import PortalState
from carillon_ent_simulator.server import RunningSimulator, simulate

__all__ = ["DIRECT_PRONOTE", "PortalState", "RunningSimulator", "portals", "pronote_page", "simulate"]
