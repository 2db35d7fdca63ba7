"""Check the docstrings of everything public in convkit: ``python -m tests.docstrings``."""

import inspect
import sys

from numpydoc.validate import validate

import convkit
import convkit.check
import convkit.viz

# Summary, sections, their order and form; every parameter; what is returned; an example.
WANTED = {
    *("GL03", "GL06", "GL07", "GL08", "SS01", "SS02", "SS03", "SS04"),
    *("PR01", "PR02", "PR03", "PR06", "PR07", "PR08", "PR10", "RT01", "RT03", "RT04", "EX01"),
}
# A data class documents its fields as attributes; a method stands on its class's examples.
NOT_FOR_CLASSES = {"PR01", "PR02"}
NOT_FOR_METHODS = {"EX01", "RT01"}


def public_objects():
    """Dotted name, and what it stands for, of everything that a student can reach."""
    for module in (convkit, convkit.check, convkit.viz):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                yield f"{module.__name__}.{name}", value


def complaints():
    """One line for each fault."""
    for name, value in public_objects():
        skipped = NOT_FOR_CLASSES if inspect.isclass(value) else set()
        yield from _faults(name, skipped)
        if inspect.isclass(value):
            for method, function in vars(value).items():
                own = getattr(function, "__module__", "").startswith("convkit")
                if inspect.isfunction(function) and own and not method.startswith("_"):
                    yield from _faults(f"{name}.{method}", NOT_FOR_METHODS)


def _faults(name, skipped):
    for code, text in validate(name)["errors"]:
        if code in WANTED - skipped:
            yield f"{name}: {code} {text}"


def main():
    """Print every fault; exit with 1 if there is one."""
    found = list(complaints())
    print("\n".join(found) or f"{len(list(public_objects()))} public docstrings are complete")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
