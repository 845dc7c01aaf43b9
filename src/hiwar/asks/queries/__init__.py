"""Questions about asks and positions."""
