"""Runs a command and prints as JSON what it took: CPU and elapsed seconds, peak memory in KiB, exit status. Its output is thrown away.

usage: measure_process.py FOLDER COMMAND [ARGUMENT ...]
CPU time and memory are those of the process and of all that it started and waited for, as wait4 has them.
"""
import json
import os
import sys
import time

os.chdir(sys.argv[1])
quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
started = time.monotonic()
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(pid, 0)
elapsed = time.monotonic() - started
json.dump(
    {
        "cpu": usage.ru_utime + usage.ru_stime,
        "elapsed": elapsed,
        # macOS counts bytes.
        "peak": usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1),
        "exit": os.waitstatus_to_exitcode(status),
    },
    sys.stdout,
)
