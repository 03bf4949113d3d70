"""Pictures to send with a prompt: anything the user has, as links and data URIs."""

from .sources import Inputs, Named, combined, is_picture, read_images

__all__ = ["Inputs", "Named", "combined", "is_picture", "read_images"]
