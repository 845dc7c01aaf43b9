"""Pull the plug while votes arrive, and count what was lost: `python -m torture`."""
