"""A client: asks over UDP and TCP, one question or many at once, and gives up after a while."""

import contextlib
import select
import socket
import struct
import time

import message

PATIENCE = 8.0  # seconds: the resolver gives up after 5 (it then says SERVFAIL)
SO_RCVBUFFORCE = 33  # socket(7): for root alone


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def udp_socket(server, source=None):
    udp = socket.socket(family(server[0]), socket.SOCK_DGRAM)
    udp.settimeout(PATIENCE)
    # Hundreds of replies may come at once, and this client may be late.
    with contextlib.suppress(PermissionError):
        udp.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
    if source:
        udp.bind((source, 0))
    udp.connect(server)
    return udp


def ask(server, name, kind="A", source=None, **how):
    """The reply to one question over UDP; the same octets again after 2 s, as clients do."""
    octets = message.question(name, kind, number=4711, **how)
    with udp_socket(server, source) as udp:
        reply = exchange(udp, octets, PATIENCE)
    if reply is None:
        raise TimeoutError(f"no reply to {name} {kind}")
    return message.parse(reply)


def exchange(udp, octets, patience):
    """The reply to `octets`, or None."""
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        udp.send(octets)
        if select.select([udp], [], [], min(left, 2.0))[0]:
            return udp.recv(65535)
    return None


def ask_many(server, questions, patience=PATIENCE):
    """[Reply or None] for [(name, type)], all asked at once over UDP with an EDNS size of 1232.
    What is truncated is fetched again over TCP, as a client does (RFC 7766 section 5)."""
    replies = [None] * len(questions)
    deadline = time.monotonic() + patience
    with udp_socket(server) as udp:
        for number, (name, kind) in enumerate(questions):
            udp.send(message.question(name, kind, number, udp_size=1232))
        while None in replies and (left := deadline - time.monotonic()) > 0:
            if select.select([udp], [], [], left)[0]:
                reply = message.parse(udp.recv(65535))
                replies[reply.id] = reply
    for number, reply in enumerate(replies):
        if reply and reply.truncated:
            replies[number] = ask_tcp(server, *questions[number])
    return replies


def frame(octets):
    return struct.pack("!H", len(octets)) + octets


class Stream:
    """A TCP connection, message by message (RFC 1035 section 4.2.2)."""

    def __init__(self, server, source=None):
        source = (source, 0) if source else None
        self.tcp = socket.create_connection(server, timeout=PATIENCE, source_address=source)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tcp.close()

    def send(self, octets):
        self.tcp.sendall(octets)

    def receive(self):
        """The next message; None where the server has closed."""
        head = self._exactly(2)
        return None if head is None else self._exactly(struct.unpack("!H", head)[0])

    def _exactly(self, size):
        octets = b""
        while len(octets) < size:
            more = self.tcp.recv(size - len(octets))
            if not more:
                return None
            octets += more
        return octets


def ask_tcp(server, name, kind="A", **how):
    with Stream(server) as stream:
        stream.send(frame(message.question(name, kind, number=4712, **how)))
        octets = stream.receive()
    if octets is None:
        raise ConnectionError(f"closed without a reply to {name} {kind}")
    return message.parse(octets)
