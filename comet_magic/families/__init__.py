"""What people ask for, as exchanges with an endpoint: one file or folder an endpoint family."""
