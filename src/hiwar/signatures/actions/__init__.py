"""What is done with a signing: opened and closed for a document, asked, signed, declined."""
