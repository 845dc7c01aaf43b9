"""What every desk is built with, and the page that shows its components."""
