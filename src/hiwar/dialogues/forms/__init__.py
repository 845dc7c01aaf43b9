"""Forms of this room, by who fills them in."""
