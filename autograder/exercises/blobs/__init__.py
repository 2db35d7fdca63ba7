"""The exercises of the notebook ``03_gaussian_blobs``."""
