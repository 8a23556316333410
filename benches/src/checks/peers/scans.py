"""Scans each file whose name comes in, and answers how many seconds of a core that took."""
import sys
import time
from picklescan.scanner import scan_file_path

for line in sys.stdin:
    start = time.process_time()
    result = scan_file_path(line.strip())
    taken = time.process_time() - start
    assert result.scanned_files == 1 and not result.scan_err, result
    print(taken, flush=True)
