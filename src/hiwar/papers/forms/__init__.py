"""What is filled in for papers."""
