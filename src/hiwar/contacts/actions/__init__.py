"""What is done with people, organisations and posts: the only writers of the register."""
