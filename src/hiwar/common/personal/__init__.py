"""What the house holds of persons: private details in texts, found and masked."""
