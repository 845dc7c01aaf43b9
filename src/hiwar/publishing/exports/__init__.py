"""Files for other programs: feeds, the map of the site, the profile."""
