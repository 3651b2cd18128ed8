"""The root of a small image from what this machine has: a Python below /usr/local, a shell, a few tools, uv.

base.py OUT UV
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig

out, uv = sys.argv[1:3]
version = f"python{sys.version_info.major}.{sys.version_info.minor}"
LEFT_OUT = ["test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3", "site-packages", "dist-packages",
            "__pycache__", "config-*", "EXTERNALLY-MANAGED", "*.a", "_test*", "_tkinter*"]


def put(source, target):
    path = out + target
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not os.path.exists(path):
        shutil.copy2(os.path.realpath(source), path)
        os.chmod(path, 0o755)


def libraries(program):
    said = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    return re.findall(r"(?:=> )?(/\S+) \(0x", said)


def main():
    python = os.path.realpath(sys.executable)
    library = os.path.dirname(os.path.realpath(os.__file__))
    shutil.copytree(library, f"{out}/usr/local/lib/{version}", ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    os.makedirs(f"{out}/usr/local/lib/{version}/site-packages")
    put(python, f"/usr/local/bin/{version}")
    for name in ["python", "python3"]:
        os.symlink(version, f"{out}/usr/local/bin/{name}")
    tools = ["sh", "rm", "mkdir", "cat", "ls", "env", "id", "sleep", "test", "ln", "cp", "chmod", "chown"]
    programs = [shutil.which(tool) for tool in tools]
    for tool, program in zip(tools, programs):
        put(program, f"/bin/{tool}")
    for tool in ["groupadd", "useradd"]:
        program = shutil.which(tool, path="/usr/sbin:/usr/bin:/sbin")
        if program:
            put(program, f"/usr/sbin/{tool}")
            programs.append(program)
    os.makedirs(f"{out}/usr/bin", exist_ok=True)
    os.symlink("/bin/env", f"{out}/usr/bin/env")
    loaded = f"{out}/usr/local/lib/{version}/lib-dynload"
    modules = [os.path.join(loaded, name) for name in os.listdir(loaded)]
    shared = sysconfig.get_config_var("LIBDIR")
    for program in [python, uv, *programs, *modules]:
        for path in libraries(program):
            if path.startswith(shared) and "libpython" in path:
                put(path, "/usr/local/lib/" + os.path.basename(path))
            else:
                put(path, path)
    for folder in ["tmp", "root", "etc", "opt", "home", "var", "proc", "sys", "dev"]:
        os.makedirs(f"{out}/{folder}", exist_ok=True)
    os.chmod(f"{out}/tmp", 0o1777)
    with open(f"{out}/etc/passwd", "w") as file:
        file.write("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/sh\n")
    with open(f"{out}/etc/group", "w") as file:
        file.write("root:x:0:\nnogroup:x:65534:\n")


main()
