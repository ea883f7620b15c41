"""What CELCAT's publishers write as static files: Web Publisher pages and iCalendar files."""
