"""Stub."""

from __future__ import annotations


def print_pack(visit, *, variant, language):
    raise NotImplementedError
