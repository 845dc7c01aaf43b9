"""Laws for everybody, and comments without an account."""
