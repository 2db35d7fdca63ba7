"""The script for atheris is no test, and atheris is not here."""

collect_ignore = ["guided.py"]
