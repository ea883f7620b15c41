"""The timetable API: keeps what sources show, says what changed, and serves the timetables over REST."""
