from autograder.settings import lock

lock(get_config())  # noqa: F821
