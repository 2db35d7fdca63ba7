"""Which global names a body of code reaches, read from its instructions.

Every instruction of CPython 3.11 to 3.14 that a function can hold is listed here, by name. What is
not listed might reach names in a way that nobody has looked at, so of a body that holds such an
instruction nothing is said.
"""

from __future__ import annotations

import dis
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

BY_NAME = frozenset(
    ["LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS", "STORE_GLOBAL", "DELETE_GLOBAL"]
)
"""Their argument is a global name, or may be one."""

# Attributes and modules are reached through an object; cells belong to the function.
_OF_OBJECTS = """
    LOAD_ATTR LOAD_METHOD LOAD_SUPER_ATTR LOAD_SPECIAL STORE_ATTR DELETE_ATTR
    IMPORT_NAME IMPORT_FROM
    LOAD_DEREF LOAD_CLASSDEREF LOAD_FROM_DICT_OR_DEREF STORE_DEREF DELETE_DEREF
    LOAD_CLOSURE MAKE_CELL COPY_FREE_VARS
"""
_OF_LOCALS_AND_CONSTANTS = """
    LOAD_FAST LOAD_FAST_CHECK LOAD_FAST_AND_CLEAR LOAD_FAST_LOAD_FAST LOAD_FAST_BORROW
    LOAD_FAST_BORROW_LOAD_FAST_BORROW STORE_FAST STORE_FAST_LOAD_FAST STORE_FAST_STORE_FAST
    DELETE_FAST STORE_NAME DELETE_NAME LOAD_LOCALS
    LOAD_CONST LOAD_SMALL_INT LOAD_COMMON_CONSTANT LOAD_ASSERTION_ERROR LOAD_BUILD_CLASS
    RETURN_CONST KW_NAMES
"""
_OF_THE_STACK = """
    BINARY_OP BINARY_SLICE BINARY_SUBSCR BUILD_CONST_KEY_MAP BUILD_INTERPOLATION BUILD_LIST
    BUILD_MAP BUILD_SET BUILD_SLICE BUILD_STRING BUILD_TEMPLATE BUILD_TUPLE COMPARE_OP CONTAINS_OP
    CONVERT_VALUE COPY DELETE_SUBSCR DICT_MERGE DICT_UPDATE FORMAT_SIMPLE FORMAT_VALUE
    FORMAT_WITH_SPEC GET_LEN IS_OP LIST_APPEND LIST_EXTEND LIST_TO_TUPLE MAP_ADD MATCH_CLASS
    MATCH_KEYS MATCH_MAPPING MATCH_SEQUENCE POP_TOP PUSH_NULL SET_ADD SET_UPDATE STORE_SLICE
    STORE_SUBSCR SWAP TO_BOOL UNARY_INVERT UNARY_NEGATIVE UNARY_NOT UNARY_POSITIVE UNPACK_EX
    UNPACK_SEQUENCE
"""
_OF_CALLS_AND_THE_FLOW = """
    CALL CALL_FUNCTION_EX CALL_INTRINSIC_1 CALL_INTRINSIC_2 CALL_KW MAKE_FUNCTION PRECALL
    SETUP_ANNOTATIONS SET_FUNCTION_ATTRIBUTE
    EXTENDED_ARG NOP NOT_TAKEN RESUME RETURN_GENERATOR RETURN_VALUE YIELD_VALUE
    FOR_ITER END_FOR POP_ITER GET_ITER GET_YIELD_FROM_ITER SEND END_SEND
    JUMP_BACKWARD JUMP_BACKWARD_NO_INTERRUPT JUMP_FORWARD JUMP_IF_FALSE_OR_POP
    JUMP_IF_TRUE_OR_POP POP_JUMP_BACKWARD_IF_FALSE POP_JUMP_BACKWARD_IF_NONE
    POP_JUMP_BACKWARD_IF_NOT_NONE POP_JUMP_BACKWARD_IF_TRUE POP_JUMP_FORWARD_IF_FALSE
    POP_JUMP_FORWARD_IF_NONE POP_JUMP_FORWARD_IF_NOT_NONE POP_JUMP_FORWARD_IF_TRUE
    POP_JUMP_IF_FALSE POP_JUMP_IF_NONE POP_JUMP_IF_NOT_NONE POP_JUMP_IF_TRUE
    ASYNC_GEN_WRAP BEFORE_ASYNC_WITH BEFORE_WITH CHECK_EG_MATCH CHECK_EXC_MATCH CLEANUP_THROW
    END_ASYNC_FOR GET_AITER GET_ANEXT GET_AWAITABLE POP_EXCEPT PREP_RERAISE_STAR PUSH_EXC_INFO
    RAISE_VARARGS RERAISE WITH_EXCEPT_START
"""
_SETTERS = frozenset(["STORE_ATTR", "DELETE_ATTR"])
_OF_ATTRIBUTES = _SETTERS | {"LOAD_ATTR", "LOAD_METHOD"}
KNOWN = BY_NAME.union(
    _OF_OBJECTS.split(),
    _OF_LOCALS_AND_CONSTANTS.split(),
    _OF_THE_STACK.split(),
    _OF_CALLS_AND_THE_FLOW.split(),
)
"""All instructions whose way to names is known."""


@dataclass(frozen=True)
class Reach:
    """The names that a body, and the bodies of functions made in it, may reach.

    Attributes
    ----------
    names : frozenset of str
        Global names.
    only_for_attributes : frozenset of str
        Those of which nothing is done but to read or set an attribute.
    attributes : frozenset of str
        Attributes of whatever object, and what is imported from modules.
    imports : frozenset of str
        Modules that are imported; one from the body's own package begins with a dot.
    sets : frozenset of str
        Attributes, of whatever object, that are set or deleted.
    """

    names: frozenset[str]
    only_for_attributes: frozenset[str]
    attributes: frozenset[str]
    imports: frozenset[str]
    sets: frozenset[str]


def reach(code: CodeType) -> Reach | None:
    """What a body reaches by name.

    Returns
    -------
    Reach or None
        None if there is an instruction in it that is not known here.

    Examples
    --------
    >>> found = reach((lambda x: [abs(k) for k in x if settings.rate]).__code__)
    >>> sorted(found.names), sorted(found.only_for_attributes), sorted(found.attributes)
    (['abs', 'settings'], ['settings'], ['rate'])
    """
    names: set[str] = set()
    used_otherwise: set[str] = set()
    attributes: set[str] = set()
    imports: set[str] = set()
    sets: set[str] = set()
    for body in bodies(code):
        loaded, level = None, deque([0], maxlen=2)
        for instruction in dis.get_instructions(body):
            name = instruction.opname
            if name not in KNOWN:
                return None
            if name == "EXTENDED_ARG":
                continue
            if loaded is not None and name not in _OF_ATTRIBUTES:
                used_otherwise.add(loaded)
            loaded = None
            if name in BY_NAME:
                names.add(loaded := instruction.argval)
            elif name in _OF_ATTRIBUTES or name == "IMPORT_FROM":
                attributes.add(instruction.argval)
                sets |= {instruction.argval} if name in _SETTERS else set()
            elif name == "IMPORT_NAME":
                imports.add("." * bool(level[0]) + instruction.argval)
            level.append(instruction.argval)
    return Reach(
        frozenset(names),
        frozenset(names - used_otherwise),
        frozenset(attributes),
        frozenset(imports),
        frozenset(sets),
    )


def bodies(code: CodeType) -> Iterator[CodeType]:
    """A body, and the bodies of the functions that are made in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from bodies(constant)
