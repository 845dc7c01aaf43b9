"""What is filled in at the desk and by invitees: parsed and cleaned, never saved."""
