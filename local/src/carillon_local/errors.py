"""What ends the embedded mode."""


class StartError(Exception):
    """Carillon cannot start; the message says what is wrong and how to mend it."""
