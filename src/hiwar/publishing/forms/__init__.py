"""What is filled in for the site: items, the public profile, the newsletter."""
