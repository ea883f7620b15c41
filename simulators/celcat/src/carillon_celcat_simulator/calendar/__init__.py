"""CELCAT Calendar 8 and later: the JSON endpoints below `/Home`, lists, side bar and login (FORMATS.md section 3)."""
