"""What can be done in a dialogue, split by noun."""
