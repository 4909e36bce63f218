"""The resolvers that are asked: cairn, and beside it Debian's unbound and knot-resolver, all with the same root
hints and the root's own key as their only trust anchor, and with the defaults of their packages else."""

import shutil
import subprocess
import time
from pathlib import Path

from asking import Question, ask

HERE = Path(__file__).resolve().parent
PORTS = {"cairn": 5300, "unbound": 5301, "kresd": 5302, "cdig": 5303}
PROGRAMS = {
    "cairn": ("cairnd", "-c", "@DIR@/cairn.toml"),
    "unbound": ("unbound", "-d", "-c", "@DIR@/unbound.conf"),
    "cdig": ("unbound", "-d", "-c", "@DIR@/unbound.conf"),  # whom it asks
    "kresd": ("kresd", "-n", "-q", "-c", "@DIR@/kresd.conf", "@DIR@"),
}
FILES = {"cairn": "cairn.toml", "unbound": "unbound.conf", "kresd": "kresd.conf", "cdig": "unbound.conf"}
PATIENCE = 20.0  # seconds for a start


class Resolver:
    """One that runs, in a folder of its own."""

    def __init__(self, name, folder, build):
        self.name, self.port, self.folder, self.build = name, PORTS[name], folder / name, build
        self.folder.mkdir()
        words = {"@DIR@": str(self.folder), "@HINTS@": str(folder / "hints"), "@PORT@": str(self.port),
                 "@ANCHOR@": str(self.folder / "root.key")}  # fmt: skip
        shutil.copy(folder / "root.key", self.folder)  # kresd wants its folder writable

        def filled(text):
            for word, value in words.items():
                text = text.replace(word, value)
            return text

        file = FILES[name]
        (self.folder / file).write_text(filled((HERE / "resolvers" / file).read_text()))
        program, *arguments = PROGRAMS[name]
        command = [self.program(program, build), *map(filled, arguments)]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        if not ask([Question("127.0.0.1", self.port, ".", "NS")], PATIENCE, again=0.1):
            log = (self.folder / "log").read_text(errors="replace")
            self.stop()
            raise RuntimeError(f"{name} does not answer: {log[-2000:]}")

    def program(self, name, build):
        """Debian's programs are copied: AppArmor profiles hang on their paths and would forbid our folder."""
        if name == "cairnd":
            return str(build / "server" / "cairnd")
        found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        if found is None:
            raise FileNotFoundError(f"{name} is not installed")
        return shutil.copy(found, self.folder / name)

    def stop(self):
        self.process.kill()
        self.process.wait()
