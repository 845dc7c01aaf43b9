"""What leaves the house: files, and the drawn page of published results."""
