"""What goes out: pages of rivers and walks, and files of them."""
