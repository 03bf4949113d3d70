"""Chat completions, as the endpoint and its image, video and text models speak them."""
