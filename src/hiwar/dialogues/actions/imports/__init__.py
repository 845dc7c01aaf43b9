"""Bringing in files: planned, looked at, done as one step, and undone as one."""
