"""A small Internet with very many zones: root -> 20 top-level domains -> zones, served by three
NSDs in the network namespace that we are in.

Zone i is z<i>.t<i modulo 20>; it holds www and a wildcard, so that every h<k>.z<i>.t<..> is a fresh
name in a known zone. All zones share eight files: the names in them are relative.
"""

import subprocess
import time

import vendors
from asking import Question, ask

TOP_LEVEL = 20
SOA = "$TTL 86400\n@ SOA ns1 hostmaster 1 7200 3600 1209600 300\n"
HINTS = """\
. 86400 IN NS a.rootlab.
. 86400 IN NS b.rootlab.
a.rootlab. 86400 IN A 127.1.0.1
b.rootlab. 86400 IN A 127.1.0.2
"""


def zone(i):
    return f"z{i}.t{i % TOP_LEVEL:02}"


def servers_of(i):
    """Zones are spread over eight pairs of addresses."""
    return f"127.3.0.{1 + 2 * (i % 8)}", f"127.3.0.{2 + 2 * (i % 8)}"


def start(folder, zones, cpu):
    """Starts the servers on core `cpu`; returns the file of root hints when all of them answer."""
    root = f"$ORIGIN .\n{SOA}@ NS a.rootlab\n@ NS b.rootlab\n"
    root += "a.rootlab A 127.1.0.1\nb.rootlab A 127.1.0.2\n"
    for t in range(TOP_LEVEL):
        first, second = f"127.2.0.{1 + 2 * t}", f"127.2.0.{2 + 2 * t}"
        root += f"t{t:02} NS a.nic.t{t:02}\nt{t:02} NS b.nic.t{t:02}\n"
        root += f"a.nic.t{t:02} A {first}\nb.nic.t{t:02} A {second}\n"
        lines = [SOA, f"@ NS a.nic\n@ NS b.nic\na.nic A {first}\nb.nic A {second}\n"]
        for i in range(t, zones, TOP_LEVEL):
            one, two = servers_of(i)
            lines.append(f"z{i} NS ns1.z{i}\nz{i} NS ns2.z{i}\n")
            lines.append(f"ns1.z{i} A {one}\nns2.z{i} A {two}\n")
        (folder / f"top{t}.zone").write_text("".join(lines))
    (folder / "root.zone").write_text(root)
    for k in range(8):
        one, two = servers_of(k)
        text = f"{SOA}@ NS ns1\n@ NS ns2\nns1 A {one}\nns2 A {two}\n"
        (folder / f"leaf{k}.zone").write_text(text + "www A 192.0.2.80\n* A 192.0.2.42\n")
    (folder / "hints").write_text(HINTS)

    nsd(folder, "root", ["127.1.0.1", "127.1.0.2"], {".": "root"}, cpu)
    tops = {f"t{t:02}": f"top{t}" for t in range(TOP_LEVEL)}
    nsd(folder, "top", [f"127.2.0.{k}" for k in range(1, 2 * TOP_LEVEL + 1)], tops, cpu)
    leaves = {zone(i): f"leaf{i % 8}" for i in range(zones)}
    nsd(folder, "leaf", [f"127.3.0.{k}" for k in range(1, 17)], leaves, cpu)

    last = [("127.1.0.1", "."), ("127.2.0.1", "t00"), (servers_of(zones - 1)[0], zone(zones - 1))]
    questions = [Question(address, 53, name, "SOA") for address, name in last]
    if len(ask(questions, patience=60.0, again=0.3)) < len(questions):
        raise SystemExit("bench: NSD did not start; is it installed (Debian's nsd)?")
    time.sleep(0.5)
    return folder / "hints"


def nsd(folder, name, addresses, zones, cpu):
    lines = ["server:"]
    lines += [f"  ip-address: {address}" for address in addresses]
    lines += ["  server-count: 1", '  username: ""', '  chroot: ""', f'  zonesdir: "{folder}"']
    lines += ['  database: ""', '  pidfile: ""', f'  zonelistfile: "{folder}/{name}.list"']
    lines += ['  xfrdfile: ""', f'  xfrdir: "{folder}"', "  rrl-ratelimit: 0", "  verbosity: 0"]
    lines += ["  minimal-responses: yes", "remote-control:", "  control-enable: no"]
    for zone_name, file in zones.items():
        lines += ["zone:", f"  name: {zone_name}", f"  zonefile: {file}.zone"]
    config = folder / f"{name}.conf"
    config.write_text("\n".join(lines) + "\n")
    program = vendors.program("nsd", folder)
    subprocess.Popen(
        ["taskset", "-c", str(cpu), program, "-d", "-c", str(config)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
