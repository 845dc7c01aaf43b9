"""Questions about dialogues, split by noun."""
