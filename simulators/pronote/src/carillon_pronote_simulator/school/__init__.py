"""The made-up school behind the simulated server."""
