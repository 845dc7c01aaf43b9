"""Letters that ask to sign, and lists of who signed, as files."""
