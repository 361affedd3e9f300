"""Knows the data files: loads, checks and finds names. Knows nothing of grammar."""
