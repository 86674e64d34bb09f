"""Two hosts for the tests that capture live: network namespaces joined by a veth, and nothing else in the world.

    network.enter(seconds=N) starts the script again in namespaces of its own, or skips the test;
                             it fails after so many seconds
    link = network.Link()    the client's end is this process's `wire0`, the server lives behind it
    link.at_server(...)      a command that runs on the server, as arguments for subprocess
    link.talk()              both ends of an SMTP connection in one hand

The process, mount and network namespaces end with the script, and with them whatever it started.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from e2e import is_root, skip

CLIENT, SERVER = "192.0.2.10", "198.51.100.25"
INSIDE = "SMTPSCOPE_E2E_INSIDE"


def enter(*needed, seconds):
    if os.environ.get(INSIDE):
        signal.signal(signal.SIGALRM, too_long)  # the first process of a namespace has no default for it
        signal.alarm(seconds)
        return
    if not is_root():
        skip("needs root, for network namespaces")
    for tool in ("unshare", "nsenter", "ip", *needed):
        if not shutil.which(tool):
            skip(f"needs {tool}")
    into = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if subprocess.run([*into, "ip", "link", "add", "a0", "type", "veth", "peer", "name", "a1"],
                      stderr=subprocess.DEVNULL, check=False).returncode != 0:
        skip("needs a kernel with namespaces and veth, and the right to make them")
    os.environ[INSIDE] = "yes"
    os.execvp("unshare", [*into, sys.executable, *sys.argv])


def too_long(number, frame):
    raise RuntimeError("took too long")


class Link:
    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == own:
            time.sleep(0.01)
        self.ip("link", "add", "wire0", "type", "veth", "peer", "name", "wire0", "netns", str(self.holder.pid))
        self.up([], CLIENT, SERVER)
        self.up(self.at_server(), SERVER, CLIENT)

    def up(self, prefix, own, peer):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        # Where they are there: whole segments with checksums, as a wire has them, and no neighbour discovery.
        if shutil.which("ethtool"):
            subprocess.run([*prefix, "ethtool", "-K", "wire0", "tx", "off", "rx", "off", "tso", "off", "gso", "off",
                            "gro", "off"], **quiet)
        subprocess.run([*prefix, "sysctl", "-q", "net.ipv6.conf.wire0.disable_ipv6=1"], **quiet)
        self.ip("link", "set", "lo", "up", prefix=prefix)
        self.ip("link", "set", "wire0", "up", prefix=prefix)
        self.ip("address", "add", f"{own}/32", "dev", "wire0", prefix=prefix)
        self.ip("route", "add", peer, "dev", "wire0", "src", own, prefix=prefix)

    def ip(self, *arguments, prefix=()):
        subprocess.run([*prefix, "ip", *arguments], check=True)

    def at_server(self, *command):
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net", *map(str, command)]

    @contextlib.contextmanager
    def being_server(self):
        """What is opened here is opened on the server; sockets stay where they were opened."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/self/ns/net", "rb") as own, open(f"/proc/{self.holder.pid}/ns/net", "rb") as other:
            if libc.setns(other.fileno(), 0) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                libc.setns(own.fileno(), 0)

    def talk(self, port=25):
        with self.being_server():
            listener = socket.create_server((SERVER, port))
        client = socket.create_connection((SERVER, port), timeout=5)
        server, _ = listener.accept()
        listener.close()
        return Talk(client, server)


class Talk:
    def __init__(self, client, server):
        self.client, self.server = client, server
        self.sent = []  # (when, line)

    def say(self, line):
        """`-> LINE` from the client, `<- LINE` from the server; it has arrived when this returns."""
        arrow, text = line[:2], line[3:].encode() + b"\r\n"
        self.sent.append((time.monotonic(), line))
        sender, receiver = (self.client, self.server) if arrow == "->" else (self.server, self.client)
        sender.sendall(text)
        got = b""
        while len(got) < len(text):
            got += receiver.recv(65536)
        return self

    def say_all(self, text):
        for line in text.splitlines():
            if line:
                self.say(line)
        return self

    def close(self):
        self.server.close()
        self.client.close()
