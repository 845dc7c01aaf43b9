"""Serving: one process that answers the hot path itself and hands the rest to Django.

Knows no domain word. `writer` commits many small writes in one transaction and answers each
only after it is durable; `bridge` runs a WSGI application under an ASGI server; `router` looks
at the path and decides who answers.
"""
