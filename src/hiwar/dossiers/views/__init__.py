"""What opens without an account: a signatory's link, and joint statements for everybody."""
