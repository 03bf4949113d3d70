"""What goes over the wire, as values: events, failures, usage, and a log of it. No IO, no clock."""
