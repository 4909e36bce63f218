"""The 200 questions of the lab: cairnd says what Unbound says, or better with the reason."""

import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import client
import message
from daemon import Daemon

import questions

UNBOUND = ("127.0.0.1", 5301)
GROUP = 25  # questions at once
PATIENCE = 20.0  # seconds; Unbound takes up to 15 s to give up dead servers

# (name, type): why cairnd answers otherwise, and what it then says.
BETTER = {
    ("www.self-referral.com", "A"): (
        "SERVFAIL",
        "a referral to the same zone is no answer (RFC 1034 5.3.3); Unbound makes one of it",
    ),
    ("www.sideways.com", "A"): (
        "NOERROR",
        "one server refers sideways, the other answers; Unbound may take the former's word",
    ),
}


def ask_both(cairn, asked):
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(client.ask_many, who, asked, PATIENCE) for who in (cairn, UNBOUND)]
        return zip(asked, *(replies.result() for replies in both))


def keys(records):
    return sorted({record.key() for record in records})


def chain(reply):
    """The aliases of an answer, in the order in which they stand."""
    aliases = (r.key() for r in reply.answer if r.type in (message.CNAME, message.DNAME))
    return list(dict.fromkeys(aliases))  # Unbound says a DNAME of YXDOMAIN twice


def soa(reply):
    return keys(record for record in reply.authority if record.type == message.SOA)


def ttls(records):
    return {record.key(): record.ttl for record in records}


def difference(ours, theirs, seconds):
    """The first difference that matters between two replies, or None."""
    if ours is None or theirs is None:
        return f"no reply from {'cairnd' if ours is None else 'Unbound'}"
    if ours.rcode != theirs.rcode:
        return f"{ours.rcode}, not {theirs.rcode}"
    if ours.rcode == "SERVFAIL":
        return None
    if len(ours.answer) != len(keys(ours.answer)):
        return f"a record twice: {ours.answer}"
    if keys(ours.answer) != keys(theirs.answer):
        return f"answers {ours.answer}\n    not {theirs.answer}"
    if chain(ours) != chain(theirs):
        return f"aliases in the order {chain(ours)}, not {chain(theirs)}"
    if not theirs.addresses() and soa(ours) != soa(theirs):
        return f"SOA {soa(ours)}, not {soa(theirs)}"
    expected = ttls(theirs.answer)
    wrong = [r for r in ours.answer if abs(r.ttl - expected[r.key()]) > seconds]
    return f"TTL {wrong[0].ttl}, not {expected[wrong[0].key()]}, of {wrong[0]}" if wrong else None


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(port=5300).start()
        started = time.monotonic()
        asked = [(name, kind) for name, kind, _, _ in questions.load()]
        cls.replies = []
        for start in range(0, len(asked), GROUP):
            cls.replies += ask_both(cls.daemon.server, asked[start : start + GROUP])
        cls.seconds = time.monotonic() - started + 3

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def test_the_200_questions_are_answered_as_Unbound_answers_them(self):
        self.assertEqual(len(self.replies), 200)
        wrong = []
        for asked, ours, theirs in self.replies:
            if asked in BETTER and ours and ours.rcode == BETTER[asked][0]:
                continue  # that it is right is the next test's matter
            if what := difference(ours, theirs, self.seconds):
                wrong.append(f"{asked[0]} {asked[1]}: {what}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_the_200_questions_end_as_the_lab_means_them_to_end(self):
        intended = {(name, kind): rcode for name, kind, rcode, _ in questions.load()}
        wrong = [
            f"{name} {kind}: {reply.rcode if reply else 'no reply'}, not {intended[name, kind]}"
            for (name, kind), reply, _ in self.replies
            if reply is None or reply.rcode != intended[name, kind]
        ]
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_every_reply_repeats_its_question_and_offers_recursion(self):
        for (name, kind), reply, _ in self.replies:
            with self.subTest(name=name, kind=kind):
                self.assertEqual(reply.question[0].rstrip("."), name.rstrip("."))
                self.assertTrue(reply.recursion_available)
                self.assertFalse(reply.authoritative)

    def test_names_in_answers_keep_the_case_of_their_zone(self):
        """Upstream questions go out in random case (0x20); none of it may come through."""
        for _ in range(5):
            self.daemon.ctl("flush", "network.com")
            reply = client.ask(self.daemon.server, "network.com", "NS")
            self.assertEqual(reply.answer[0].names, ("dns1.network.com.",))
            self.assertEqual(reply.answer[0].owner, "network.com.")

    def test_a_TTL_counts_down_and_one_of_0_is_not_kept(self):
        zero = client.ask(self.daemon.server, "ttl-0.short-lived.com")
        self.assertEqual([record.ttl for record in zero.answer], [0])
        self.daemon.ctl("flush", "short-lived.com")
        fresh = client.ask(self.daemon.server, "ttl-5.short-lived.com").answer[0].ttl
        self.assertIn(fresh, (4, 5))
        time.sleep(2.1)
        later = client.ask(self.daemon.server, "ttl-5.short-lived.com").answer[0].ttl
        self.assertIn(later, (1, 2, 3))
