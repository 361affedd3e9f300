"""Knows the Arabic language: spelling, words, numbers, dates. Knows nothing of war."""
