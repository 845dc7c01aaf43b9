"""The writers of this room, by noun: signing in, second factors, people."""
