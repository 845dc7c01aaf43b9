"""Places, calendars and seasons: the place pack, which is data and names no country in code.

Floor 0, above accounts and below contacts. Words: place, calendar, season, working hours, pause.
"""
