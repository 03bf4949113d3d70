"""The chat completions route: requests, chunks, and the transcript of an image model."""
