"""What the standard library offers for programs of several parts: processes, sockets between them, event loops, signals, files."""

import asyncio
import fcntl
import mmap
import multiprocessing
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from multiprocessing import managers, shared_memory


def square(x):
    return x * x


async def sleeper():
    process = await asyncio.create_subprocess_exec("echo", "said", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return said.decode().strip()


if __name__ == "__main__":
    for way in ["fork", "spawn", "forkserver"]:
        with multiprocessing.get_context(way).Pool(2) as pool:
            print(way, pool.map(square, [1, 2]))
    with managers.SyncManager() as manager:
        print(manager.list([1, 2]))
    block = shared_memory.SharedMemory(create=True, size=1 << 16)
    block.close()
    block.unlink()
    print(asyncio.run(sleeper()))

    one, other = socket.socketpair()
    one.settimeout(5)
    other.sendall(b"x")
    print(one.recv(1), one.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE))
    one.shutdown(socket.SHUT_RDWR)

    signal.signal(signal.SIGALRM, lambda *_: print("in time"))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    signal.pause()
    signal.alarm(0)
    signal.signal(signal.SIGUSR1, lambda *_: print("raised"))
    signal.raise_signal(signal.SIGUSR1)
    threading.Thread(target=time.sleep, args=[0.01], name="named").start()

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        with open(path, "w+b", buffering=0) as file:
            os.posix_fallocate(file.fileno(), 0, 8192)
            os.writev(file.fileno(), [b"a", b"b"])
            fcntl.flock(file, fcntl.LOCK_EX)
            fcntl.lockf(file, fcntl.LOCK_EX)
            os.fsync(file.fileno())
            os.ftruncate(file.fileno(), 4096)
            with mmap.mmap(file.fileno(), 4096) as mapped:
                mapped[:2] = b"cd"
                mapped.flush()
                mapped.resize(8192)
        shutil.copy2(path, path + ".copy")
        os.symlink(path, path + ".link")
        os.truncate(path, 3)
        os.chmod(path, 0o600)
        shutil.copytree(folder, folder + "-copy", symlinks=True)
        shutil.rmtree(folder + "-copy")
    with sqlite3.connect("/tmp/one.db") as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE t (x)")
        db.execute("INSERT INTO t VALUES (1)")
    print(subprocess.run(["echo", "said"], process_group=0, capture_output=True).stdout)
    print(time.process_time() > 0, time.thread_time() > 0)
    print(os.times().user >= 0, os.getgroups(), os.getpgrp() > 0)
    print("all of it is said")
