"""The exercises of the notebook ``04_matrix_form``."""
