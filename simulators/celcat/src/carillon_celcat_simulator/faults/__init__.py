"""Faults a test can order: what real servers do when they fail."""
