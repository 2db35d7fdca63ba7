"""The exercises of the notebook ``10_nonlinearity``."""
