"""The exercises of the notebook ``09_graphs``."""
