"""Hiwar: the system that an institution for dialogue and policy advocacy runs its work on."""

__version__ = "0.1.0"
