"""What is done with laws."""
