"""Questions to the register: counts, series, changes, surges, records, checks of published figures.

Pure functions over incidents held in columns (`Table`); no database and no clock.
"""
