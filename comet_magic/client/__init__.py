"""The HTTP client; nothing else in the package sends requests."""
