"""Questions about the items of the site."""
