"""Who may ask: lists by prefix and by the address that is asked (cairn.toml(5), `allow`, `deny`)."""

import unittest

import client
from daemon import Daemon


class Access(unittest.TestCase):
    def test_each_address_that_is_listened_on_has_its_own_clients_until_a_reload(self):
        daemon = Daemon()
        self.addCleanup(daemon.__exit__)
        port = daemon.port
        table = f'{{ address = "127.0.0.2:{port}", allow = ["127.0.0.8/32"] }}'
        lists = 'deny = ["127.0.0.9"]\n'
        whole = daemon.toml("127.0.0.1", lists).replace("]\n", f", {table}]\n", 1)
        daemon.config.write_text(whole)
        daemon.start()

        def refused(asked, source):
            rcodes = {
                ask((asked, port), "www.lab.example", **how).rcode
                for ask, how in ((client.ask, {"source": source}), (self.ask_tcp, {"source": source}))
            }
            self.assertEqual(len(rcodes), 1, "UDP and TCP differ")
            return rcodes == {"REFUSED"}

        self.assertFalse(refused("127.0.0.1", "127.0.0.8"))
        self.assertTrue(refused("127.0.0.1", "127.0.0.9"))
        self.assertFalse(refused("127.0.0.2", "127.0.0.8"))
        self.assertTrue(refused("127.0.0.2", "127.0.0.1"))
        self.assertTrue(refused("127.0.0.2", "127.0.0.9"))
        daemon.config.write_text(whole.replace("127.0.0.8/32", "127.0.0.1/32"))
        daemon.ctl("reload")
        self.assertTrue(refused("127.0.0.2", "127.0.0.8"))
        self.assertFalse(refused("127.0.0.2", "127.0.0.1"))

    def ask_tcp(self, server, name, source):
        with client.Stream(server, source) as stream:
            stream.send(client.frame(client.message.question(name, "A", 4711)))
            return client.message.parse(stream.receive())
