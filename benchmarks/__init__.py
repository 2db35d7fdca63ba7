"""Side-by-side measurements; each prints ratios, since times alone say little about a machine."""
