"""Pictures, videos and sounds as values; their addresses, their pixels, and the files on disk."""
