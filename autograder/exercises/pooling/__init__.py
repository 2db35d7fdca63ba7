"""The exercises of the notebook ``05_pooling``."""
