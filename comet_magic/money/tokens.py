"""Tokens of what was sent and received, where the endpoint did not count them: an estimate."""

# Bytes of UTF-8 in a token: four letters of English are about one, a Chinese character is less.
_BYTES = 4
# OpenAI counts 765 to 1,105 for a picture that is read, and 1,056 for one that is drawn in medium
# quality.
_PICTURE = 1_000


def estimated_tokens(bytes_of_text: int, pictures: int) -> int:
    """The tokens of texts and pictures.

    Args:
        bytes_of_text: The length of the texts in UTF-8.
        pictures: The number of pictures, videos and sounds.
    """
    return -(-bytes_of_text // _BYTES) + _PICTURE * pictures
