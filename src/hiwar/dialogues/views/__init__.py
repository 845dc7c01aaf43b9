"""What the public sees of a dialogue."""
