"""The public pages and files of the site."""
