"""Weights, intervals and disclosure control: who took part, and what may be shown of it."""
