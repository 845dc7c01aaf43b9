"""What is filled in for dossiers, facts, the strategy tree and barriers."""
