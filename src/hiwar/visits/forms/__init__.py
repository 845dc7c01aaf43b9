"""What the desk and travellers fill in."""
