"""Validation in the daemon's life: behind its filter of system calls, over a reload, after a flush.

The forwarder here has a key of the root, and the trust anchor is another one of the same tag: a DS
must be computed to see that, and all answers are bogus."""

import os
import socket
import struct
import threading
import unittest
import unittest.mock

import message
from client import ask
from daemon import Daemon

OPENSSL_CNF = """openssl_conf = all
[all]
providers = them
[them]
default = on
legacy = on
[on]
activate = 1
"""
DNSKEY = 48


class Forwarder:
    """Says of every name that it has the address 192.0.2.1, and that the root has one key."""

    def __init__(self):
        self.key = struct.pack("!HBB", 257, 3, 13) + bytes(range(64))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.port = self.udp.getsockname()[1]
        self.asked_for_keys = 0
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.udp.sendto(b"", ("127.0.0.1", self.port))
        self.thread.join()
        self.udp.close()

    def anchor(self):
        total = sum(octet << 8 if at % 2 == 0 else octet for at, octet in enumerate(self.key))
        tag = total + (total >> 16) & 0xFFFF  # RFC 4034 appendix B
        return f". IN DS {tag} 13 2 {'00' * 32}\n"

    def daemon(self, validation="true"):
        forward = f'forward = ["127.0.0.1:{self.port}"]'
        dnssec = f'[dnssec]\nvalidation = {validation}\ntrust-anchor-file = "anchor"'
        daemon = Daemon(more=f"{forward}\n{dnssec}")
        (daemon.folder / "anchor").write_text(self.anchor())
        return daemon

    def serve(self):
        while True:
            octets, whence = self.udp.recvfrom(4096)
            if not octets:
                return
            kind = message.parse(octets).question[1]
            self.asked_for_keys += kind == DNSKEY
            rdata = self.key if kind == DNSKEY else bytes((192, 0, 2, 1))
            record = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 300, len(rdata)) + rdata
            header = octets[:2] + struct.pack("!5H", 0x8580, 1, 1, 0, 0)
            end_of_question = octets.index(b"\0", 12) + 5
            self.udp.sendto(header + octets[12:end_of_question] + record, whence)


class Validation(unittest.TestCase):
    def setUp(self):
        self.forwarder = self.enterContext(Forwarder())

    def rcode(self, daemon, name="www.example"):
        return ask(daemon.server, name).rcode

    def test_modules_that_openssl_cnf_names_are_not_loaded_behind_the_filter(self):
        daemon = self.forwarder.daemon()
        conf = daemon.folder / "openssl.cnf"
        conf.write_text(OPENSSL_CNF)
        with unittest.mock.patch.dict(os.environ, OPENSSL_CONF=str(conf)), daemon:
            self.assertEqual(self.rcode(daemon), "SERVFAIL")
            self.assertGreater(self.forwarder.asked_for_keys, 0)
            self.assertIsNone(daemon.process.poll())
            self.assertEqual(self.rcode(daemon, "www.lab.example"), "NOERROR")

    def test_answers_that_were_not_judged_do_not_outlive_a_reload_with_validation(self):
        with self.forwarder.daemon(validation="false") as daemon:
            for _ in range(3):
                self.assertEqual(self.rcode(daemon), "NOERROR")
            text = daemon.config.read_text()
            daemon.config.write_text(text.replace("validation = false", "validation = true"))
            daemon.ctl("reload")
            self.assertEqual(self.rcode(daemon), "SERVFAIL")

    def test_a_new_trust_anchor_in_the_same_file_counts_from_the_reload_on(self):
        with self.forwarder.daemon() as daemon:
            (daemon.folder / "anchor").write_text(self.forwarder.anchor().replace(".", "island.", 1))
            daemon.ctl("reload")
            for _ in range(3):
                self.assertEqual(self.rcode(daemon, "www.island2"), "NOERROR")
            (daemon.folder / "anchor").write_text(self.forwarder.anchor())
            daemon.ctl("reload")
            self.assertEqual(self.rcode(daemon, "www.island2"), "SERVFAIL")

    def test_a_flush_forgets_what_is_known_of_keys(self):
        with self.forwarder.daemon() as daemon:
            self.assertEqual(self.rcode(daemon), "SERVFAIL")
            before = self.forwarder.asked_for_keys
            self.assertEqual(self.rcode(daemon, "other.example"), "SERVFAIL")
            self.assertEqual(self.forwarder.asked_for_keys, before)
            daemon.ctl("flush", ".")
            self.assertEqual(self.rcode(daemon), "SERVFAIL")
            self.assertGreater(self.forwarder.asked_for_keys, before)
