"""Questions about messages and the ways they take."""
