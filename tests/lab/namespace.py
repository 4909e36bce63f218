"""A network of one's own: Linux namespaces with nothing in them but the loopback interface.

`unshare` makes them (user, network, mounts, processes) and the lab's keeper is process 1 inside:
when it ends, however it ends, the kernel ends everything that was started in there and takes the
network down with it. Root needs no user namespace; everybody else becomes root of a new one, which
is enough to add addresses and to bind port 53. `nsenter` lets others in.
"""

import os
import subprocess
from pathlib import Path


def unshare(command):
    """The command that runs `command` as process 1 of new namespaces."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--net", "--mount", "--pid", "--fork", "--kill-child", "--", *command]


def enter(pid, command):
    """The command that runs `command` in the namespaces of the process `pid`, in this directory."""
    user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    spaces = [*user, "--net", "--mount", "--pid"]
    return ["nsenter", "--target", str(pid), *spaces, f"--wdns={os.getcwd()}", "--", *command]


def furnish(addresses, silent, folder):
    """From inside: brings up lo with `addresses`, swallows what goes to `silent`, and closes the
    ways by which names are asked outside the network: the system's resolver is now what listens on
    127.0.0.1, else the witness."""
    mount("-t", "proc", "proc", "/proc")
    Path("/proc/sys/net/ipv6/conf/all/disable_ipv6").write_text("0")
    Path("/proc/sys/net/ipv6/conf/lo/disable_ipv6").write_text("0")
    lines = ["link set lo up"]
    for address in addresses:
        lines.append(f"address add {host(address)} dev lo" + " nodad" * (":" in address))
    for address in silent:  # routed to lo, but not ours: received there and dropped
        lines.append(f"route add {host(address)} dev lo")
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)

    resolv = folder / "etc" / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.1\nnameserver 127.0.0.53\n")
    mount("--bind", str(resolv), os.path.realpath("/etc/resolv.conf"))
    for daemon in ("/run/systemd/resolve/io.systemd.Resolve", "/run/nscd/socket"):
        if os.path.exists(daemon):
            mount("--bind", "/dev/null", daemon)


def host(address):
    return f"{address}/128" if ":" in address else f"{address}/32"


def mount(*arguments):
    # Some containers forbid it. The lab works without, only less comfortably.
    subprocess.run(["mount", *arguments], stderr=subprocess.DEVNULL, check=False)
