"""Chat completions: requests, chunks, and the transcripts of image models."""
