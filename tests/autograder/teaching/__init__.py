"""A teacher's week: formgrader in a real browser, and the commands around it."""
