"""What the simulator publishes: a made-up timetable, before it takes any format."""
