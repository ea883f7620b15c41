"""Start a child as another user who can still reach its files, and that ends when we end.

PostgreSQL refuses to run as root. A child started by root therefore becomes `nobody`; it keeps the one capability to
pass through folders that are closed to others, since the data may lie below root's home or in a private folder.
"""

import ctypes
import os
import pwd
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522


def user_for_servers() -> pwd.struct_passwd | None:
    """The user that servers run as: None (ourselves) unless we are root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def hand_over(folder: Path) -> None:
    """Make `folder` and what is in it belong to the servers' user."""
    user = user_for_servers()
    if user is None:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def before_exec(*, drop_root: bool) -> Callable[[], None]:
    """A `preexec_fn`: the child ends (SIGINT, a fast stop for PostgreSQL) when its parent does, and is not root."""
    user = user_for_servers() if drop_root else None
    linux = sys.platform == "linux"
    libc = ctypes.CDLL(None, use_errno=True) if linux else None
    parent = os.getpid()

    def prepare() -> None:
        if user is not None:
            if libc is not None:
                libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
                # access(2), with which PostgreSQL looks for its programs, counts capabilities only with this bit.
                libc.prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP, 0, 0, 0)
            os.setgroups([])
            os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
            os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
            if libc is not None:
                _keep_reach(libc)
        if libc is not None:  # after setuid, which clears it
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT if drop_root else signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:  # it ended before we asked to be told
                os._exit(1)

    return prepare


def _keep_reach(libc: ctypes.CDLL) -> None:
    """Hold one capability across exec (capset(2), capabilities(7)): reading anywhere, or what containers give root."""
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        bit = 1 << capability
        if libc.capset(header, struct.pack("6I", bit, bit, bit, 0, 0, 0)) == 0:
            libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
            return
