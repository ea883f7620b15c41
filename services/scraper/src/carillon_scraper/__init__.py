"""Reads timetables where they are published, politely, and publishes what they show; it keeps nothing that matters."""
