"""The endpoint families of the demo server."""
