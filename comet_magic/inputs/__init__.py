"""Pictures that go with a prompt: whatever the user has, as links and data URIs."""

from .sources import Inputs, Named, is_picture, read_images, together

__all__ = ["Inputs", "Named", "is_picture", "read_images", "together"]
