"""Honest notebooks that do not look as they were released, and what they deserve."""
