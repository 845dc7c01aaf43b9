"""Papers as pages and files, all from the same content."""
