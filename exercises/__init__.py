"""The exercises of this course, one package a notebook.

The grader finds them by looking. A name that begins with an underscore is no notebook, but what
several of them share.
"""
