"""What requests cost, and what a kernel may spend. No IO, no clock."""
