"""`autograder watch` as a service that JupyterHub manages. For `jupyterhub_config.py`.

The hub starts it with itself, starts it again when it ends, and stops it with SIGTERM. On a hub
whose students use nbgrader's exchange, `--collect --release` closes the loop: what is submitted has
its feedback within seconds, under Fetch Feedback.
"""

c = get_config()  # noqa: F821

c.JupyterHub.services = [
    {
        "name": "watch-conv",
        "command": [
            "/srv/autograder/bin/autograder",
            "watch",
            "01_shapes",
            "02_convolution",
            "--collect",
            "--release",
            "--course",
            "/srv/courses/conv",
        ],
        "cwd": "/srv/courses/conv",
        # An account of its own, which may read the exchange and write the course.
        "user": "grader",
    }
]
