"""The pages for people: finding a timetable, a week, what changed, subscribing, the state of the sources, doors.

Every page is rendered here and whole without any script; scripts then make a calendar of the table of a week, and so
on. The page of free rooms is the rooms service's, which alone knows the answer.
"""
