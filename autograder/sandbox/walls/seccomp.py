"""A filter on system calls, in the kernel's own byte code.

The filter names what is refused. libseccomp would write it for us, but its Python bindings need
a shared library that many machines lack; the program is short, and so it is assembled here.

References
----------
.. [1] Linux kernel documentation, "Seccomp BPF (SECure COMPuting with filters)".
"""

from __future__ import annotations

import ctypes
import errno
import struct
from dataclasses import dataclass

from autograder.sandbox.walls import libc

# Number of each call on x86_64 and on aarch64; None where the architecture lacks it.
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "mq_timedsend": (242, 182),
    "mq_timedreceive": (243, 183),
    "mq_notify": (244, 184),
    "mq_getsetattr": (245, 185),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "flock": (73, 32),
    "mincore": (27, 232),
    "cachestat": (451, 451),
    "fadvise64": (221, 223),
    "readahead": (187, 213),
    "preadv2": (327, 286),
    "pwritev2": (328, 287),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "iopl": (172, None),
    "ioperm": (173, None),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "lookup_dcookie": (212, 18),
    "vhangup": (153, 58),
    "uselib": (134, None),
    "nfsservctl": (180, 42),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "set_mempolicy_home_node": (450, 450),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
    "futimesat": (261, None),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "truncate": (76, 45),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "clone": (56, 220),
    "clone3": (435, 435),
    "prlimit64": (302, 261),
    "setrlimit": (160, 164),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
}
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

# Every call with a higher number is younger than this list.
_YOUNGEST = 469
_X32_BIT = 0x40000000

_OTHER_PROCESSES = """
    ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise process_mrelease
    move_pages migrate_pages
"""
# Some of them tell what of a shared file is in memory, or fetch it there.
_CHANNELS_BETWEEN_RUNS = """
    add_key request_key keyctl shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl semget semop
    semctl semtimedop mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
    mincore cachestat fadvise64 readahead preadv2 pwritev2
    flock inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark
"""
_TCP = "connect bind listen accept accept4"
_NETWORK = f"socket {_TCP}"
_NAMESPACES = """
    unshare setns mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount
    fspick mount_setattr open_tree_attr
"""
_KERNEL = """
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register swapon swapoff
    reboot kexec_load kexec_file_load init_module finit_module delete_module iopl ioperm acct
    quotactl quotactl_fd settimeofday clock_settime clock_adjtime adjtimex sethostname
    setdomainname syslog personality modify_ldt name_to_handle_at open_by_handle_at
    lookup_dcookie vhangup uselib nfsservctl mbind set_mempolicy set_mempolicy_home_node
"""
# Memory that belongs to no process is not seen by the watcher.
_UNCOUNTED_MEMORY = "memfd_create memfd_secret"
_FILE_ATTRIBUTES = """
    chmod fchmod fchmodat fchmodat2 chown lchown fchown fchownat utime utimes utimensat futimesat
    setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr setxattrat removexattrat
    file_setattr truncate
"""
_SIGNALS = "kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal"
# Their first argument is a process id, 0 for the caller.
_ONLY_MYSELF = "sched_setaffinity sched_setscheduler sched_setparam sched_setattr"
_WHICH_AND_WHO = "setpriority ioprio_set"

_CLONE_NEW_NAMESPACES = 0x7E020000
_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10
_SOCK_STREAM, _SOCK_TYPE_MASK = 1, 0xF
_IPPROTO_TCP = 6
_F_SETLEASE, _F_NOTIFY = 1024, 1026
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_RLIMIT_CORE = 4

_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _JUMP_AT_LEAST, _JUMP_ANY_BIT = 0x20, 0x15, 0x25, 0x35, 0x45
_AND, _RETURN = 0x54, 0x06
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_INSTRUCTION = struct.Struct("=HBBI")
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4

Instruction = tuple[int, int, int, int]


@dataclass(frozen=True)
class Strictness:
    """What else is refused where other walls are missing.

    Attributes
    ----------
    file_attributes : bool
        Refuse to change modes, times and owners of files, and to cut files by name.
    signals : bool
        Refuse to send signals to anybody.
    loopback : bool
        Let TCP sockets be made: for a room whose own network leads nowhere.
    """

    file_attributes: bool = False
    signals: bool = False
    loopback: bool = False


def offered() -> bool:
    """Whether this machine has an architecture that the filter knows."""
    return libc.machine() in _ARCHITECTURES


def _argument(index: int) -> Instruction:
    """Load the low half of an argument (both architectures are little-endian)."""
    return (_LOAD, 0, 0, 16 + 8 * index)


def _give(value: int) -> Instruction:
    return (_RETURN, 0, 0, value)


def _refuse(number: int = errno.EPERM) -> Instruction:
    return _give(_ERRNO | number)


def _zero_or_refuse(index: int) -> list[Instruction]:
    return [_argument(index), (_JUMP_EQUAL, 1, 0, 0), _refuse(), _give(_ALLOW)]


def _not_for_core_dumps(index: int) -> list[Instruction]:
    return [_argument(index), (_JUMP_EQUAL, 0, 1, _RLIMIT_CORE), _refuse(), _give(_ALLOW)]


def _only_tcp() -> list[Instruction]:
    """Body for ``socket``: streams of either internet family."""
    return [
        _argument(0),
        (_JUMP_EQUAL, 1, 0, _AF_INET),
        (_JUMP_EQUAL, 0, 6, _AF_INET6),
        _argument(1),
        (_AND, 0, 0, _SOCK_TYPE_MASK),
        (_JUMP_EQUAL, 0, 3, _SOCK_STREAM),
        _argument(2),
        (_JUMP_EQUAL, 2, 0, 0),
        (_JUMP_EQUAL, 1, 0, _IPPROTO_TCP),
        _refuse(errno.EACCES),
        _give(_ALLOW),
    ]


def _conditional() -> dict[str, list[Instruction]]:
    """Bodies for calls that depend on their arguments; every path returns."""
    allow = _give(_ALLOW)
    bodies = {
        "clone3": [_refuse(errno.ENOSYS)],
        "clone": [
            _argument(0),
            (_JUMP_ANY_BIT, 0, 1, _CLONE_NEW_NAMESPACES),
            _refuse(),
            allow,
        ],
        "prlimit64": [
            _argument(0),
            (_JUMP_EQUAL, 1, 0, 0),
            _refuse(),
            *_not_for_core_dumps(1),
        ],
        "setrlimit": _not_for_core_dumps(0),
        "socketpair": [
            _argument(0),
            (_JUMP_EQUAL, 0, 3, _AF_UNIX),
            _argument(1),
            (_AND, 0, 0, _SOCK_TYPE_MASK),
            (_JUMP_EQUAL, 1, 0, _SOCK_STREAM),
            _refuse(errno.EACCES),
            allow,
        ],
        "fcntl": [
            _argument(1),
            (_JUMP_EQUAL, 1, 0, _F_SETLEASE),
            (_JUMP_EQUAL, 0, 1, _F_NOTIFY),
            _refuse(),
            allow,
        ],
        "ioctl": [
            _argument(1),
            (_JUMP_EQUAL, 1, 0, _TIOCSTI),
            (_JUMP_EQUAL, 0, 1, _TIOCLINUX),
            _refuse(),
            allow,
        ],
    }
    bodies |= {name: _zero_or_refuse(0) for name in _ONLY_MYSELF.split()}
    bodies |= {name: _zero_or_refuse(1) for name in _WHICH_AND_WHO.split()}
    return bodies


def _refused(strictness: Strictness) -> dict[str, int]:
    groups = [_OTHER_PROCESSES, _CHANNELS_BETWEEN_RUNS, _NAMESPACES, _KERNEL, _UNCOUNTED_MEMORY]
    if strictness.file_attributes:
        groups.append(_FILE_ATTRIBUTES)
    if strictness.signals:
        groups.append(_SIGNALS)
    names = " ".join(groups).split()
    network = [] if strictness.loopback else _NETWORK.split()
    return dict.fromkeys(names, errno.EPERM) | dict.fromkeys(network, errno.EACCES)


def program(strictness: Strictness, machine: str) -> list[Instruction]:
    """Assemble the filter.

    Parameters
    ----------
    strictness : Strictness
        What to refuse beyond the usual.
    machine : str
        ``"x86_64"`` or ``"aarch64"``.

    Returns
    -------
    list of tuple of int
        Operation, jump if true, jump if false, constant.
    """
    column, architecture = _ARCHITECTURES[machine]
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, architecture),
        _give(_KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_AT_LEAST, 0, 1, _X32_BIT),
        _give(_KILL),
        (_JUMP_GREATER, 0, 1, _YOUNGEST),
        _refuse(errno.ENOSYS),
    ]
    bodies = _conditional()
    if strictness.loopback:
        bodies["socket"] = _only_tcp()
    bodies |= {name: [_refuse(number)] for name, number in _refused(strictness).items()}
    for name, body in bodies.items():
        number = _NUMBERS[name][column]
        if number is not None:
            code += [(_JUMP_EQUAL, 0, len(body), number), *body]
    return [*code, _give(_ALLOW)]


def apply(strictness: Strictness) -> None:
    """Put this process, and all that it will start, behind the filter.

    Raises
    ------
    OSError
        If the kernel refuses the filter. ``no_new_privs`` must have been set before.
    """

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    code = program(strictness, libc.machine())
    data = b"".join(_INSTRUCTION.pack(*instruction) for instruction in code)
    filter_mode = 2
    address = ctypes.addressof(wanted := Program(len(code), data))
    libc.prctl(libc.PR_SET_SECCOMP, filter_mode, address)
    del wanted
