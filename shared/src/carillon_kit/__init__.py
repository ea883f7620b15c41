"""The plumbing that Carillon's services share; it knows nothing of courses, rooms or schools."""
