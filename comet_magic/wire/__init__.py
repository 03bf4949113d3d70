"""The wire as values: what is sent, what is received, what a transcript says. No IO, no clock."""
