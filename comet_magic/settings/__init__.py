"""What the user has set: the key, the settings, and where they come from."""
