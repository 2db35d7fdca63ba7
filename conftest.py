"""What has to be settled before the tests load other packages."""

import os
import sys

# Each core has a pytest worker: a second thread of OpenBLAS would only spin.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# As the program `autograder` does: loading this grammar takes a second, and nothing asks it.
sys.modules.setdefault("rfc3987_syntax", None)
