"""Changes the package in small ways, one at a time, and looks whether a test fails."""
