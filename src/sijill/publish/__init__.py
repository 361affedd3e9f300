"""Coded reports in the forms that people and other programs read."""
