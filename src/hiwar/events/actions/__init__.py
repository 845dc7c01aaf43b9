"""What is done with events: the only writers of the room."""
