"""The exercises of the notebook ``07_batch_norm``."""
