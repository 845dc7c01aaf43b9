"""Questions about the way from a statement to a changed article, and back."""
