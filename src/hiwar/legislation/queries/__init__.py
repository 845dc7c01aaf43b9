"""Questions about laws."""
