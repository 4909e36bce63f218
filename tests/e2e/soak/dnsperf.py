"""dnsperf, the generator of load: thousands of questions a second cost a program in Python too much. On a
small machine those who are asked go first."""

import re
import subprocess
import time

import peers

GRACE = 60  # seconds after its time
COUNT = re.compile(r"(Queries sent|Queries completed|Queries lost):\s+(\d+)")
CODE = re.compile(r"(\w+) (\d+) \(")


class Dnsperf:
    """Questions "name TYPE", one a line in a file, round and round; what came of them when it ends."""

    def __init__(self, folder, name, lines, seconds, *options):
        file = folder / f"questions-{name}"
        file.write_text("".join(f"{line}\n" for line in lines))
        command = ["nice", "-n", "19", "dnsperf", "-s", "127.0.0.1", "-p", str(peers.PORT)]
        command += ["-d", file, "-l", str(seconds), *options]
        command += ["-t", "10"]  # the resolver says SERVFAIL after 5 s
        command += ["-O", "suppress=timeouts,congestion,sendfailed,sockready,unexpected"]
        self.ended = True
        self.until = time.monotonic() + seconds + GRACE
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def wait(self):
        try:
            said = self.process.communicate(timeout=max(0.0, self.until - time.monotonic()))[0]
        except subprocess.TimeoutExpired:
            # dnsperf 2.10 may lose count of a reply that comes when it has just given up on it, and
            # then waits for ever. What it has seen, it takes along.
            self.process.kill()
            said, self.ended = "", False
        counts = dict(COUNT.findall(said))
        self.sent = int(counts.get("Queries sent", 0))
        self.answered = int(counts.get("Queries completed", 0))
        codes = re.search(r"Response codes:\s+(.*)", said)
        self.codes = {code: int(n) for code, n in CODE.findall(codes[1])} if codes else {}
        return self

    def good(self):
        """Of all answers, in percent, those without an error."""
        return 100 * self.codes.get("NOERROR", 0) / max(1, self.answered)

    def share(self, *codes):
        """Of all questions, in percent, those answered with one of these codes."""
        return 100 * sum(self.codes.get(code, 0) for code in codes) / max(1, self.sent)
