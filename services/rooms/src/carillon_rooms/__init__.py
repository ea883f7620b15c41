"""Which rooms are free: answered from memory, out of the `occupancy` bucket that the timetable API fills.

It has no database and no ids of its own, so any number of replicas can stand side by side.
"""
