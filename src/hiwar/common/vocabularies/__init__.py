"""Lists that an institution chooses for itself: each room declares its own, a screen edits them."""
