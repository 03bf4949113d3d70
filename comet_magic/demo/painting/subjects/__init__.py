"""The things that can stand in a picture, each drawn in its own unit.

The origin is the point where a thing touches the ground, y grows downwards, and one unit is
about the thing's height. `kinds.py` knows them all by name.
"""
