"""Calendars to subscribe to: of a group, a room, a timetable, or one's own choice of several."""
