"""What programs ask about the machine and about themselves."""

import os
import subprocess
import sys
import time

import psutil

me = psutil.Process()
print(psutil.cpu_count() > 0, psutil.virtual_memory().total > 0, me.memory_info().rss > 0)
print(me.cpu_times().user >= 0, me.num_threads() > 0, me.open_files(), me.children(), me.name(), me.cwd())
print(psutil.disk_usage("/tmp").total > 0, psutil.pid_exists(os.getpid()), len(psutil.pids()) > 0)
child = psutil.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=subprocess.PIPE)
child.terminate()
print(child.wait(timeout=10))
me.cpu_affinity(me.cpu_affinity())

# What was asleep when it was stopped sleeps on.
child = psutil.Popen(["sleep", "0.5"])
time.sleep(0.2)
child.suspend()
child.resume()
assert child.wait(timeout=10) == 0
print("it slept on")
