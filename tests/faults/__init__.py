"""Every way an endpoint can fail, sent byte by byte over real sockets."""
