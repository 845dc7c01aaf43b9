"""Questions about forums."""
