"""The public side of events: private links of invitees, calendars, published pages."""
