"""Ports for servers that tests and benchmarks start."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from random import SystemRandom

# Systems give outgoing connections ports from 32 768 on, some from 16 000 on: such a port can be taken by somebody
# else between the moment it is found free and the moment the server listens.
_FIRST, _LAST = 10_000, 15_999
_RANDOM = SystemRandom()


def free_port(count: int = 1) -> int:
    """The first of ``count`` ports in a row of this machine that nobody listens on. Raises SystemExit without any."""
    for _attempt in range(1000):
        first = _RANDOM.randint(_FIRST, _LAST - count + 1)
        with ExitStack() as probes:
            try:
                for port in range(first, first + count):
                    probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise SystemExit(f"No {count} free ports in a row between {_FIRST} and {_LAST}.")
