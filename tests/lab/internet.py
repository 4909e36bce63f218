"""The servers of the miniature Internet: who runs, on which addresses.

What they say stands in `zones/<server>/`, one file for each zone, named after it (`com.zone`; the
root's is `root.zone`, and + stands for a slash). A server answers for all the zones of its folder
on all its addresses; who is asked for which zone is decided, as in the real Internet, by the
delegations in the zone files alone. No server holds both sides of a delegation that is meant to be
walked: it would answer from the child at once (which uk and co.uk do on purpose, as in reality).

The addresses are those of the real Internet where that teaches something (the root, com and net,
the registries) and look public everywhere: a resolver with careful defaults asks no private,
loopback or documentation address.
"""

from dataclasses import dataclass, field
from pathlib import Path

ZONES = Path(__file__).resolve().parent / "zones"


@dataclass(frozen=True)
class Server:
    """One server process: `name` is its folder below zones/ and starts with its vendor."""

    name: str
    runs: str  # one line for `lab status`
    addresses: tuple[str, ...]
    never_loaded: tuple[str, ...] = field(default=())  # zones it should serve, but has no data of

    @property
    def vendor(self):
        return self.name.split("-")[0]

    def zones(self):
        """{zone: path of its file}; zones end in a dot."""
        files = sorted((ZONES / self.name).glob("*.zone"))
        return {"." if f.stem == "root" else f.stem.replace("+", "/") + ".": f for f in files}


SERVERS = (
    Server(
        "nsd-root",
        "the thirteen root servers, a to m",
        (
            "198.41.0.4", "2001:503:ba3e::2:30",
            "170.247.170.2", "2801:1b8:10::b",
            "192.33.4.12", "2001:500:2::c",
            "199.7.91.13", "2001:500:2d::d",
            "192.203.230.10", "2001:500:a8::e",
            "192.5.5.241", "2001:500:2f::f",
            "192.112.36.4", "2001:500:12::d0d",
            "198.97.190.53", "2001:500:1::53",
            "192.36.148.17", "2001:7fe::53",
            "192.58.128.30", "2001:503:c27::2:30",
            "193.0.14.129", "2001:7fd::1",
            "199.7.83.42", "2001:500:9f::42",
            "202.12.27.33", "2001:dc3::35",
        ),
    ),
    Server(
        "knot-gtld",
        "the registry of com, net and edu: gtld-servers.net, a to m",
        (
            "192.5.6.30", "2001:503:a83e::2:30",
            "192.33.14.30", "2001:503:231d::2:30",
            "192.26.92.30", "2001:503:83eb::30",
            "192.31.80.30", "2001:500:856e::30",
            "192.12.94.30", "2001:502:1ca1::30",
            "192.35.51.30", "2001:503:d414::30",
            "192.42.93.30", "2001:503:eea3::30",
            "192.54.112.30", "2001:502:8cc::30",
            "192.43.172.30", "2001:503:39c1::30",
            "192.48.79.30", "2001:502:7094::30",
            "192.52.178.30", "2001:503:d2d::30",
            "192.41.162.30", "2001:500:d937::30",
            "192.55.83.30", "2001:501:b1f9::30",
        ),
    ),
    Server(
        "knot-registries",
        "the registries of org, cn, uk and arpa",
        (
            "199.19.54.1", "2001:500:c::1",  # b0.org.afilias-nst.org
            "199.249.120.1", "2001:500:48::1",  # b2.org.afilias-nst.org
            "203.119.25.1", "2001:dc7::1",  # a.dns.cn
            "203.119.26.1",  # b.dns.cn
            "202.112.0.44",  # ns.cernet.net
            "156.154.100.3", "2001:502:ad09::3",  # nsa.nic.uk
            "213.248.216.1", "2a01:618:400::1",  # dns1.nic.uk
            "199.4.138.53", "2001:500:89::53",  # a.ns.arpa
            "192.0.47.53",  # b.ns.arpa
        ),
    ),
    Server(
        "knot-reverse",
        "the reverse trees in-addr.arpa and ip6.arpa",
        (
            "199.180.182.53", "2620:37:e000::53",  # a.in-addr-servers.arpa
            "193.0.9.1", "2001:67c:e0::1",  # f.in-addr-servers.arpa
            "199.253.182.182", "2001:500:86::86",  # b.ip6-servers.arpa
        ),
    ),
    Server(
        "bind-amazon",
        "a large shop with servers of its own",
        (
            "205.251.192.27", "2600:9000:5300:1b00::1",  # ns1.amazon.com
            "205.251.195.199", "2600:9000:5300:c700::1",  # ns2.amazon.com
        ),
    ),
    Server(
        "nsd-network",
        "a small company whose one server stands in its own office",
        ("212.212.212.1",),  # dns1.network.com
    ),
    Server(
        "bind-hosting",
        "a hosting company, with the zones of its customers",
        (
            "185.199.108.53", "2a0a:1580::53",  # ns1.hosting.net
            "185.199.109.53", "2a0a:1580:1::53",  # ns2.hosting.org
            "212.58.244.69",  # ns3.bbc.co.uk
            "185.199.110.53",  # ns1.stale-glue.com and others: servers under a customer's own name
        ),
        never_loaded=("never-loaded.com.",),
    ),
    Server(
        "nsd-cdn",
        "a content network; some of its servers have IPv6 only",
        (
            "151.101.1.53", "2a04:4e42::53",  # ns1.cdn-edge.net
            "151.101.65.53", "2a04:4e42:200::53",  # ns2.cdn-edge.org
            "2a04:4e42:600::6", "2a04:4e42:600::66",  # IPv6 only
        ),
    ),
    Server(
        "bind-university",
        "universities in the USA, China and Britain",
        (
            "128.119.100.5", "2620:df:8000::5",  # dns.umass.edu
            "166.111.8.28", "2402:f000:1:8::28",  # dns.tsinghua.edu.cn
            "131.111.8.37", "2a05:b400:d:10::37",  # authdns0.csx.cam.ac.uk
        ),
    ),
    Server(
        "nsd-academic",
        "academic networks and a department: ac.uk, edu.cn, cs.umass.edu",
        (
            "128.86.1.20", "2001:630:0:9::14",  # ns0.ja.net
            "202.112.0.35", "2001:da8:1::35",  # dns.edu.cn
            "128.119.240.1", "2620:df:8000:f0::1",  # dns.cs.umass.edu
        ),
    ),
)

# Three ways of being dead, for delegations that lead there.
SILENT = ("193.108.91.1", "193.108.91.2", "2600:1401:1::dead")  # swallow every packet
CLOSED = ("193.108.92.1",)  # the host lives, nobody listens: ICMP "port unreachable"
UNROUTED = ("193.108.93.1",)  # no such network: nothing to set up, nothing leads there
