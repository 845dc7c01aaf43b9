"""People as files: cards and tables. Notes, confidentiality and consents never leave with them."""
