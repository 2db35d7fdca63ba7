"""The exercises of the notebook ``01_shapes``."""
