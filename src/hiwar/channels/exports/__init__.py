"""What leaves: mail as it is handed over."""
