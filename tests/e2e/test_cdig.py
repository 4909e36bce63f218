"""What cdig does and a comparison with dig's output cannot tell: who is connected to, and how often; what
becomes of output that nobody takes."""

import json
import os
import socket
import struct
import subprocess
import threading
import unittest

from daemon import CDIG

A, NS, SOA = 1, 2, 6


class Refuser:
    """Refuses every question on every stream, and counts the streams. `most` questions a stream."""

    def __init__(self, most=1000):
        self.most, self.streams = most, 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                stream, _ = self.listening.accept()
            except OSError:
                return
            self.streams += 1
            with stream, stream.makefile("rb") as octets:
                for _ in range(self.most):
                    length = octets.read(2)
                    if len(length) < 2:
                        break
                    query = octets.read(struct.unpack("!H", length)[0])
                    stream.sendall(length + query[:2] + b"\x81\x05" + query[4:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listening.close()


class Cdig(unittest.TestCase):
    def ask(self, refuser, *words):
        command = [CDIG, "@127.0.0.1", "-p", str(refuser.port), "+tcp", *words]
        command += ["one.example", "two.example", "three.example"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.count("status: REFUSED"), 3, done.stdout)

    def test_each_question_has_a_stream_of_its_own(self):
        with Refuser() as refuser:
            self.ask(refuser)
            self.assertEqual(refuser.streams, 3)

    def test_keepopen_asks_all_questions_on_one_stream(self):
        with Refuser() as refuser:
            self.ask(refuser, "+keepopen")
            self.assertEqual(refuser.streams, 1)

    def test_keepopen_takes_a_new_stream_when_the_server_closed_the_old_one(self):
        with Refuser(most=2) as refuser:
            self.ask(refuser, "+keepopen")
            self.assertEqual(refuser.streams, 2)


class Crowd:
    """Its zone has as many servers as one likes, all of them at its own address; counts what they are asked."""

    def __init__(self, servers):
        self.servers, self.asked = servers, {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.answer, daemon=True).start()

    def answer(self):
        while True:
            try:
                query, client = self.socket.recvfrom(4096)
            except OSError:
                return
            end = query.index(b"\0", 12) + 5
            kind = struct.unpack("!H", query[end - 4 : end - 2])[0]
            self.asked[kind] = self.asked.get(kind, 0) + 1
            rdata = {A: [bytes([127, 0, 0, 1])], SOA: [b"\0\0" + bytes(20)],
                     NS: [b"\4n%03d\xc0\x0c" % n for n in range(self.servers)]}.get(kind, [])  # fmt: skip
            answer = b"".join(struct.pack("!HHHIH", 0xC00C, kind, 1, 60, len(one)) + one for one in rdata)
            header = query[:2] + b"\x85\x80" + struct.pack("!4H", 1, len(rdata), 0, 0)
            self.socket.sendto(header + query[12:end] + answer, client)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


class Searches(unittest.TestCase):
    def test_nssearch_asks_no_more_servers_than_a_zone_of_any_use_has(self):
        for servers, some in ((5, 5), (300, 32)):
            with Crowd(servers) as crowd:
                command = [CDIG, "@127.0.0.1", "-p", str(crowd.port), "+nssearch", "crowd.example"]
                done = subprocess.run(command, capture_output=True, text=True, timeout=20)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual((crowd.asked[A], crowd.asked[SOA]), (some, some))


class Output(unittest.TestCase):
    def ask(self, refuser, output, *words):
        command = [CDIG, "@127.0.0.1", "-p", str(refuser.port), "+tcp", *words]
        return subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, timeout=20)

    def test_a_full_disk_is_said_and_ends_the_run(self):
        with Refuser() as refuser, open("/dev/full", "w") as full:
            done = self.ask(refuser, full, "one.example", "two.example")
            self.assertIn("cannot write to standard output: No space left on device", done.stderr)
            self.assertEqual(done.returncode, 10)
            self.assertEqual(refuser.streams, 1)

    def test_a_reader_who_has_enough_ends_the_run_without_a_word(self):
        reading, writing = os.pipe()
        os.close(reading)
        with Refuser() as refuser, os.fdopen(writing, "w") as pipe:
            done = self.ask(refuser, pipe, "one.example", "two.example")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(refuser.streams, 1)

    def test_help_that_cannot_be_written_is_no_success(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([CDIG, "-h"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=20)
            self.assertEqual(done.returncode, 10)


class Json(unittest.TestCase):
    """Standard output is JSON alone, an object a line, whatever was asked for."""

    def objects(self, *words):
        command = [CDIG, "+json", "+time=1", "+tries=1", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def kinds(self, *words):
        return [each["kind"] for each in self.objects(*words)]

    def test_walks_print_json_alone(self):
        witness = ["@127.0.0.1", "-p", "5301"]
        walk = self.objects(*witness, "www.amazon.com", "+trace")
        self.assertEqual({each["kind"] for each in walk}, {"reply"})
        self.assertGreaterEqual(len(walk), 4)
        self.assertEqual(walk[-1]["answerRRs"][0]["NAME"], "www.amazon.com.")
        (drawn,) = self.objects(*witness, "www.amazon.com", "+map")
        self.assertEqual([zone["name"] for zone in drawn["zones"]], [".", "com.", "amazon.com."])
        with Crowd(3) as crowd:
            found = self.objects("@127.0.0.1", "-p", str(crowd.port), "crowd.example", "+nssearch")
            self.assertEqual([each["answerRRs"][0]["TYPEname"] for each in found], ["SOA"] * 3)

    def test_failures_are_objects_too(self):
        with Refuser() as refuser:
            place = ["@127.0.0.1", "-p", str(refuser.port)]
            self.assertEqual(self.kinds(*place, "example", "AXFR"), ["reply", "error"])
            self.assertEqual(self.kinds(*place, "example", "+nssearch"), ["error"])
        self.assertEqual(self.kinds("@::ffff:127.0.0.1", "-6", "example"), ["error"])
        self.assertEqual(self.kinds("@127.0.0.1", "-p", "1", "example", "+trace"), ["error"])
        self.assertEqual(self.kinds("@127.0.0.1", "-p", "1", "example", "-y", "name:not-base64!"), ["error"])
        long = "hmac-sha256-with-too-many-letters:name:c2VjcmV0"
        (told,) = self.objects("@127.0.0.1", "-p", "1", "example", "-y", long)
        self.assertIn("unknown key type", told["message"])

    def test_what_is_said_beside_a_reply_is_an_object_or_on_standard_error(self):
        with Refuser() as refuser:
            place = ["@127.0.0.1", "-p", str(refuser.port), "+tcp"]
            self.assertEqual(self.kinds(*place, "example", "+why=/nowhere/control.sock"), ["reply", "error"])
            self.assertEqual(self.kinds(*place, "+dns64prefix"), ["reply", "prefixes"])
