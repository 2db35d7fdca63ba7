"""The exercises of the notebook ``06_gradients``."""
