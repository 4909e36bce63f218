"""A daemon's life: its start, sockets from the service manager, new configurations, the end."""

import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

import client
import message
from daemon import CAIRNCTL, Daemon

# Hands descriptors 3 and 4 to the program behind it as systemd does (sd_listen_fds(3)).
ACTIVATE = """
import os, socket, sys
for kind, wanted in ((socket.SOCK_DGRAM, 3), (socket.SOCK_STREAM, 4)):
    made = socket.socket(socket.AF_INET, kind)
    made.bind(("127.0.0.1", int(sys.argv[1])))
    if kind == socket.SOCK_STREAM:
        made.listen()
    if made.fileno() != wanted:
        os.dup2(made.fileno(), wanted)
    os.set_inheritable(wanted, True)
    made.detach()
os.environ |= {"LISTEN_FDS": "2", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])
"""


class Life(unittest.TestCase):
    def start(self, **how):
        daemon = Daemon(**how)
        self.addCleanup(daemon.__exit__)
        return daemon.start()

    def reload(self, daemon):
        """SIGHUP, and a while for it; how long is told by the log."""
        seen = daemon.log.read_text().count("reloaded")
        daemon.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 5
        while daemon.log.read_text().count("reloaded") == seen:
            self.assertLess(time.monotonic(), deadline, daemon.log.read_text())
            time.sleep(0.02)

    def test_READY_is_told_only_when_the_daemon_answers(self):
        daemon = self.start()
        self.assertTrue(any("READY=1" in message for message in daemon.messages))
        started = time.monotonic()
        client.ask(daemon.server, "www.lab.example")
        self.assertLess(time.monotonic() - started, 0.5)

    def test_sockets_of_the_service_manager_are_taken_over(self):
        daemon = Daemon(listen="127.0.0.9")  # what the file says does not count then
        self.addCleanup(daemon.__exit__)
        daemon.start(command=[sys.executable, "-c", ACTIVATE, str(daemon.port)])
        self.assertEqual(client.ask(daemon.server, "www.amazon.com").rcode, "NOERROR")
        self.assertEqual(client.ask_tcp(daemon.server, "www.amazon.com").rcode, "NOERROR")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.9", daemon.port))

    def test_no_core_file_will_be_written(self):
        daemon = self.start()
        limits = Path(f"/proc/{daemon.process.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")

    def test_SIGTERM_ends_an_idle_daemon_at_once_with_0_and_leaves_no_socket(self):
        daemon = self.start()
        code, seconds = daemon.terminate(5)
        self.assertEqual(code, 0)
        self.assertLess(seconds, 1.0)
        self.assertFalse(daemon.control.exists())

    def test_SIGTERM_answers_all_who_wait_within_2_seconds(self):
        daemon = self.start()
        udp = client.udp_socket(daemon.server)
        self.addCleanup(udp.close)
        for number in range(20):
            udp.send(message.question(f"w{number}.all-dead.com", "A", number))
        with client.Stream(daemon.server) as stream:
            stream.send(client.frame(message.question("x.all-dead.com", "A", 99)))
            time.sleep(0.3)
            code, seconds = daemon.terminate(10)
            self.assertEqual(message.parse(stream.receive()).id, 99)
            self.assertIsNone(stream.receive())
        self.assertEqual(code, 0)
        self.assertLess(seconds, 2.0)
        udp.settimeout(0.5)
        self.assertEqual({message.parse(udp.recv(4096)).id for _ in range(20)}, set(range(20)))

    def test_SIGHUP_serves_the_changed_zone_and_keeps_the_cache(self):
        daemon = self.start()
        client.ask(daemon.server, "www.amazon.com")
        text = daemon.zone.read_text()
        daemon.zone.write_text(text.replace("2026112101", "2026112102") + "new IN A 192.0.2.99\n")
        self.reload(daemon)
        self.assertEqual(
            client.ask(daemon.server, "new.lab.example").addresses(), [bytes((192, 0, 2, 99))]
        )
        before = daemon.stats()["upstream_udp"]
        self.assertEqual(len(client.ask(daemon.server, "www.amazon.com").answer), 4)
        self.assertEqual(daemon.stats()["upstream_udp"], before)

    def test_a_broken_configuration_is_refused_on_SIGHUP_and_the_old_one_serves_on(self):
        daemon = self.start()
        good = daemon.config.read_text()
        daemon.config.write_text("worker = 2\n" + good)
        daemon.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 5
        while "did you mean" not in daemon.log.read_text():
            self.assertLess(time.monotonic(), deadline, daemon.log.read_text())
            time.sleep(0.02)
        self.assertEqual(client.ask(daemon.server, "www.lab.example").rcode, "NOERROR")
        with self.assertRaisesRegex(RuntimeError, "unknown key `worker`"):
            daemon.ctl("reload")
        daemon.config.write_text(good)
        self.reload(daemon)

    def test_a_reload_under_load_loses_no_question(self):
        daemon = self.start()
        client.ask(daemon.server, "www.amazon.com")
        udp = client.udp_socket(daemon.server)
        self.addCleanup(udp.close)
        udp.settimeout(2)
        for number in range(1000):
            if number % 100 == 0:
                daemon.process.send_signal(signal.SIGHUP)
            name = "www.amazon.com" if number % 2 else "www.lab.example"
            udp.send(message.question(name, "A", number))
            reply = message.parse(udp.recv(4096))
            self.assertEqual((reply.id, reply.rcode), (number, "NOERROR"))

    def test_cairnctl_stop_ends_the_daemon_and_then_says_that_none_runs(self):
        daemon = self.start()
        daemon.ctl("stop")
        self.assertEqual(daemon.process.wait(3), 0)
        command = [CAIRNCTL, "--socket", daemon.control, "status"]
        done = subprocess.run(command, capture_output=True, timeout=5)
        self.assertEqual(done.returncode, 3)
