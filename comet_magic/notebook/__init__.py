"""The face in IPython and Jupyter."""
