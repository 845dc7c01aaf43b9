"""Files that leave the room."""
