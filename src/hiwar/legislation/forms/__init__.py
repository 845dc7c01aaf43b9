"""What is filled in: laws and their texts, consultations, comments."""
