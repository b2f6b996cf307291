"""How long the scheduler kept a process waiting for a processor: time it was promised but could not use."""

import os
import time


class Starved:
    """look() again and again while the process runs; latest() then says which moment lies far enough back."""

    def __init__(self, pid):
        self.tasks = f'/proc/{pid}/task'
        self.last = {}
        self.looks = []  # (monotonic time, seconds waited up to it)
        self.look()

    def threads(self):
        """{thread: (waits now, seconds it ran, seconds it waited)}"""
        found = {}
        for thread in os.listdir(self.tasks):
            try:
                with open(f'{self.tasks}/{thread}/stat', encoding='utf-8', errors='replace') as stat:
                    state = stat.read().rpartition(')')[2].split()[0]
                with open(f'{self.tasks}/{thread}/schedstat', encoding='ascii') as schedstat:
                    ran, waited = (int(n) / 1e9 for n in schedstat.read().split()[:2])
            except (OSError, ValueError):
                continue  # the thread is gone, or this kernel does not tell
            found[thread] = state == 'R', ran, waited
        return found

    def look(self):
        """Threads wait one for the other, so all their waiting counts. Of a thread that is waiting now, the kernel has not
        counted this turn yet: what it neither ran nor slept."""
        now = time.monotonic()
        try:
            threads = self.threads()
        except OSError:
            return
        waited = 0.0
        since = now - self.looks[-1][0] if self.looks else 0.0
        for thread, (runnable, ran, kept) in threads.items():
            was_runnable, ran_before, kept_before = self.last.get(thread, (False, ran, kept))
            open_turn = since - (ran - ran_before) if runnable and was_runnable else 0.0
            waited += max(kept - kept_before, open_turn, 0.0)
        self.last = threads
        self.looks.append((now, (self.looks[-1][1] if self.looks else 0.0) + waited))

    def in_all(self):
        return self.looks[-1][1]

    def latest(self, now, seconds):
        """The last moment since which the process had that many seconds of its own, as seen at now."""
        for moment, waited in reversed(self.looks):
            if now - moment - (self.in_all() - waited) >= seconds:
                return moment
        return float('-inf')
