"""What leaves: the text of a version as files, a comparison as it is shown, feeds."""
