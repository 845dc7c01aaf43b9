"""Files of a visit: calendars and packs."""
