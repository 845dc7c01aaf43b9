"""What is done with the items of the site."""
