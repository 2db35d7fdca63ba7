"""The exercises of the notebook ``08_distances``."""
