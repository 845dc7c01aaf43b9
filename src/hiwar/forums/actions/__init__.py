"""What is done with forums."""
