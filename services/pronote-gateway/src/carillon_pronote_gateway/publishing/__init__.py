"""Courses of watched accounts and of consenting users, published as snapshots; never anything of a pupil."""
