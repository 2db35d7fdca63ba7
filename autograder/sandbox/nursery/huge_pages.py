"""Huge pages for a process that forks often: a fork copies one entry of the page table for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograder.sandbox.walls import libc

_SIZE = 2 << 20
_HEAP = "[heap]"


def gather() -> int:
    """Move this process's own memory into huge pages, as far as the kernel does.

    From Linux 6.1 on it does so when asked; before, nothing happens.

    Returns
    -------
    int
        How many huge pages there are more.
    """
    with open("/proc/self/maps") as file:
        places = list(aligned(own_memory(file)))
    return sum(libc.collapse(place, _SIZE) for place in places)


def own_memory(maps: Iterable[str]) -> Iterator[range]:
    """Writable addresses that belong to no file; see proc_pid_maps(5).

    Examples
    --------
    >>> [hex(place.start) for place in own_memory(["400000-a00000 rw-p 00000000 00:00 0 [heap]"])]
    ['0x400000']
    """
    for line in maps:
        addresses, rights, _, _, _, *name = line.split()
        if rights == "rw-p" and name in ([], [_HEAP]):
            start, end = addresses.split("-")
            yield range(int(start, 16), int(end, 16))


def aligned(places: Iterable[range]) -> Iterator[int]:
    """Addresses where a huge page fits.

    Examples
    --------
    >>> [hex(start) for start in aligned([range(0x300000, 0x900000)])]
    ['0x400000', '0x600000']
    """
    for place in places:
        first = -(-place.start // _SIZE) * _SIZE
        yield from range(first, place.stop - _SIZE + 1, _SIZE)
