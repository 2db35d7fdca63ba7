"""Which names of its module a piece of code refers to, and which are local in it."""

from __future__ import annotations

import symtable


def names_used(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the module that some code refers to, and the names that are local in it.

    What the code binds at its top level is among the former, where it is used.

    Examples
    --------
    >>> outer, local = names_used("def f(x, size=SIZE):\\n    return f(np.size(x)) or size")
    >>> sorted(outer), sorted(local)
    (['SIZE', 'f', 'np'], ['size', 'x'])
    """
    module = symtable.symtable(source, "cell", "exec")
    of_module, local = set(), set()
    tables = [module]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table is not module and not symbol.is_global():
                local.add(symbol.get_name())
            elif symbol.is_referenced():
                of_module.add(symbol.get_name())
    return frozenset(of_module), frozenset(local)
