"""What is filled in for the library."""
