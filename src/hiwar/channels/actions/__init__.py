"""The verbs of channels, by noun."""
