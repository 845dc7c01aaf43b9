"""What is done with asks and positions: every write of the room."""
