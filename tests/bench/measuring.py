"""One measurement: a server is started afresh, warmed, loaded, and looked at from outside."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import many_zones
import peers
from asking import Question, message

SERVER_CPU, LOAD_CPU = sorted(os.sched_getaffinity(0))[1::-1]
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 20.0  # seconds for a server to start
WARM_ZONES = 1000


class Names:
    """Files of names, one a line, for the generator."""

    def __init__(self, folder, quick):
        self.folder = folder
        self.hit = self.write("hit", (f"h{k // WARM_ZONES}.{known(k)}" for k in range(10_000)))
        self.warm = self.write("warm", (f"www.{known(k)}" for k in range(WARM_ZONES)))
        fresh = 5_000 if quick else 30_000
        self.zones = WARM_ZONES + fresh
        zones = (many_zones.zone(i) for i in range(WARM_ZONES, self.zones))
        self.miss = self.write("miss", (f"www.{zone}" for zone in zones))
        fresh = 10_000 if quick else 30_000
        self.miss1 = self.write("miss1", (f"f{k}.{known(k)}" for k in range(fresh)))
        self.count = 50_000 if quick else 100_000
        self.memory = self.write("memory", (f"m{k}.{known(k)}" for k in range(self.count)))

    def write(self, name, names):
        file = self.folder / f"names-{name}"
        file.write_text("".join(f"{line}\n" for line in names))
        return file


def known(k):
    return many_zones.zone(k % WARM_ZONES)


class Server:
    """A peer that runs, alone on its core."""

    def __init__(self, peer, folder, hints):
        self.peer, self.folder = peer, folder / peer.name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        command = peers.prepare(peer, self.folder, hints)
        started = time.monotonic()
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["taskset", "-c", str(SERVER_CPU), *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
            )  # fmt: skip
        self.ready = self.first_answer(started + PATIENCE)
        self.start_ms = (time.monotonic() - started) * 1000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def first_answer(self, deadline):
        """Asks again each few milliseconds until a question is answered well."""
        octets = message(1, Question("127.0.0.1", peers.PORT, "www." + many_zones.zone(5), "A"))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.connect(("127.0.0.1", peers.PORT))
            udp.settimeout(0.05)
            while time.monotonic() < deadline and self.process.poll() is None:
                try:
                    udp.send(octets)
                    reply = udp.recv(4096)
                    if self.peer.name == "echo" or (reply[3] & 15 == 0 and reply[7] > 0):
                        return True
                except ConnectionRefusedError:
                    time.sleep(0.001)
                except TimeoutError:
                    pass
        return False

    def cpu_seconds(self):
        """User and system time of the whole process."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident_octets(self):
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


class Bench:
    def __init__(self, folder, build, quick):
        self.folder, self.blast = folder, str(build / "tests" / "bench" / "blast")
        self.names = Names(folder, quick)
        self.seconds = 1.0 if quick else 4.0  # of a timed load
        self.patience = 20.0 if quick else 45.0  # with a load of so many questions
        self.hints = many_zones.start(folder, self.names.zones, LOAD_CPU)

    def measure(self, case, peer):
        """The case's figure for a peer, or None, and why on stderr."""
        with Server(peer, self.folder, self.hints) as server:
            if not server.ready:
                log = (server.folder / "log").read_text(errors="replace")
                print(f"{peer.name} does not answer: {log[-500:]}", file=sys.stderr)
                return None
            return CASES[case](self, server)

    def load(self, names, outstanding, seconds, *how):
        command = ["taskset", "-c", str(LOAD_CPU), self.blast, str(peers.PORT), str(names)]
        command += [str(outstanding), str(seconds), *how]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=seconds + 30)
        return json.loads(done.stdout)

    def once(self, names, outstanding):
        return self.load(names, outstanding, self.patience, "once")

    def cpu_per_answer(self, server, load):
        before = server.cpu_seconds()
        counts = load()
        used = server.cpu_seconds() - before
        wanted = "answered" if server.peer.name == "echo" else "good"
        if counts[wanted] < 0.98 * counts["sent"]:
            complaint = f"only {counts[wanted]} good answers of {counts['sent']}"
            print(f"{server.peer.name}: {complaint}", file=sys.stderr)
        return used * 1e6 / max(1, counts[wanted])

    def hit(self, server):
        for _ in range(2):  # some keep a whole answer only when it is asked for again
            self.once(self.names.hit, 64)
        return self.cpu_per_answer(
            server, lambda: self.load(self.names.hit, 100, self.seconds, "spin")
        )

    def miss(self, server):
        self.once(self.names.warm, 64)
        return self.cpu_per_answer(server, lambda: self.once(self.names.miss, 200))

    def miss1(self, server):
        self.once(self.names.warm, 64)
        return self.cpu_per_answer(server, lambda: self.once(self.names.miss1, 200))

    def memory(self, server):
        self.once(self.names.warm, 64)
        before = server.resident_octets()
        names = self.once(self.names.memory, 200)["good"]
        self.once(self.names.memory, 200)
        return (server.resident_octets() - before) / max(1, names)

    def start(self, server):
        return server.start_ms


CASES = {
    "hit": Bench.hit,
    "miss": Bench.miss,
    "miss1": Bench.miss1,
    "memory": Bench.memory,
    "start": Bench.start,
}
