"""What Carillon's services say to each other: events and shared values, Pydantic only.

Readers ignore fields that they do not know, so a producer may add one first; any other change is a new subject.
The JSON Schema of each event is a golden file in ``tests/contracts/golden``.
"""
