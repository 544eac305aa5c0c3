"""Where a command runs: a proxy before the server, and the far end of fault_shim.c.

Everything that goes between the command and the server, and every write to a journal, is an
*event*; the command stands still while an event is looked at. So `when` can do something exactly
between two things: kill a process, end a backend, cut the connection. Events have labels, and are
counted in the order in which they happen:

  request CODE SQL    a request has come from the command: the server has nothing of it yet
  sent ...            the server has the whole request
  answered ...        the server has answered: the command has nothing of it yet
  done ...            the command has the whole answer
  before-write etc.   fault_shim.c

Sessions that only look on are no events: they depend on time.
"""
import os
import pty
import re
import selectors
import signal
import socket
import struct
import subprocess
import time

import wire

REQUESTS = (b"Q", b"E", b"S")
WATCHES = "SET application_name = 'retort watch'"


class Event:
    def __init__(self, label, pid, link=None):
        self.label = label
        self.pid = pid    # of the process that it is about
        self.link = link  # the connection; None: of the journal


class Link:
    """One connection through the proxy."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.from_client, self.from_server = wire.Messages(True), wire.Messages(False)
        self.backend = None
        self.is_watcher = False
        self.request = None      # the last one; None: only the startup so far
        self.is_extended = False  # it came by the extended protocol: one of many, perhaps
        pid = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        self.pid = struct.unpack("3i", pid)[0]

    def close(self):
        for end in (self.client, self.server):
            end.close()


class Outcome:
    def __init__(self, status, output, seconds):
        self.status = status  # of the command: as subprocess tells it
        self.output = output
        self.seconds = seconds


class Stage:
    """A folder with the sockets; one command at a time."""

    def __init__(self, folder, server_host, shim):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.server_host, self.shim = folder, server_host, shim
        self.control_path = os.path.join(folder, "control")
        self.control = self._listen(self.control_path)
        self.proxy = self._listen(os.path.join(folder, ".s.PGSQL.5432"))
        self.links = []

    @staticmethod
    def _listen(path):
        if os.path.exists(path):
            os.unlink(path)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(path)
        listening.listen(64)
        return listening

    # -- faults ----------------------------------------------------------------------------------

    def cut(self):
        """All connections break; new ones can be made."""
        for link in self.links[:]:
            self._drop(link)

    def backends(self):
        return [link.backend for link in self.links if link.backend and not link.is_watcher]

    # -- a command -------------------------------------------------------------------------------

    def run(self, arguments, env, when=None, terminal=False, limit=60):
        """Runs a command to its end, and the end of its worker; when(event) may do harm.

        What when() returns is the answer to the shim; None: go on.
        """
        self.when, self.forks, began = when, terminal, time.monotonic()
        self.watched, self.output = {}, b""
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.proxy, selectors.EVENT_READ, self._accept)
        self.selector.register(self.control, selectors.EVENT_READ, self._told)
        self.child = self._spawn(arguments, dict(env, LD_PRELOAD=self.shim), terminal)
        self._watch(self.child.pid)
        try:
            while self.watched or self._find_workers():
                self._wait(began + limit)
            status = self.child.wait()
        finally:
            self._clear()
        return Outcome(status, self.output.decode(errors="replace"), time.monotonic() - began)

    def _spawn(self, arguments, env, terminal):
        if self.when:
            env["SWEEP_CONTROL"] = self.control_path
        if terminal:
            near, far = pty.openpty()
            child = subprocess.Popen(arguments, env=env, stdin=far, stdout=far, stderr=far,
                                     start_new_session=True)
        else:
            near, far = os.pipe()
            child = subprocess.Popen(arguments, env=env, stdin=subprocess.DEVNULL, stdout=far,
                                     stderr=far)
        os.close(far)
        self.near = near
        self.selector.register(near, selectors.EVENT_READ, self._printed)
        return child

    def _printed(self, _):
        try:
            data = os.read(self.near, 65536)
        except OSError:  # a terminal that nobody has open any more
            data = b""
        self.output += data
        if not data:
            self.selector.unregister(self.near)

    def _watch(self, pid):
        """Waits for a process to end, which need not be a child."""
        if pid in self.watched:
            return
        try:
            fd = os.pidfd_open(pid)
        except OSError:
            return
        self.watched[pid] = fd
        self.selector.register(fd, selectors.EVENT_READ, lambda _: self._ended(pid))

    def _find_workers(self):
        """Looks for a worker that has done nothing yet; whether there is one."""
        mark = ("SWEEP_CONTROL=%s\0" % self.control_path).encode()
        for folder in filter(str.isdigit, os.listdir("/proc") if self.forks else ()):
            try:
                with open("/proc/%s/environ" % folder, "rb") as environ:
                    if mark in environ.read():
                        self._watch(int(folder))
            except OSError:  # it has ended, or is none of ours
                pass
        return bool(self.watched)

    def _ended(self, pid):
        fd = self.watched.pop(pid)
        self.selector.unregister(fd)
        os.close(fd)

    def _wait(self, till):
        left = till - time.monotonic()
        if left <= 0:
            raise TimeoutError("the command does not end; it printed: " + self.output.decode())
        for key, _ in self.selector.select(left):
            is_open = isinstance(key.fileobj, int) or key.fileobj.fileno() >= 0
            if is_open and key.fileobj in self.selector.get_map():  # else the one before closed it
                key.data(key)

    def _clear(self):
        for pid in list(self.watched):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
            self._ended(pid)
        self.child.wait()
        while self.near in self.selector.get_map() and self.selector.select(0):
            self._printed(None)
        self.cut()
        self.selector.close()
        os.close(self.near)

    # -- events ----------------------------------------------------------------------------------

    def _event(self, label, pid, link=None):
        if pid != self.child.pid:
            self._watch(pid)
        return self.when(Event(label, pid, link)) if self.when else None

    def _told(self, _):
        connection, _ = self.control.accept()
        with connection:
            line = b""
            while not line.endswith(b"\n"):
                data = connection.recv(64)
                if not data:
                    return
                line += data
            label, pid = line.decode().split()
            answer = self._event(label, int(pid))
            try:
                connection.sendall((answer or "g").encode())
            except OSError:  # it was killed meanwhile
                pass

    # -- the proxy -------------------------------------------------------------------------------

    def _accept(self, _):
        client, _ = self.proxy.accept()
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(os.path.join(self.server_host, ".s.PGSQL.5432"))
        except OSError:  # the server is starting again
            client.close()
            return
        link = Link(client, server)
        self.links.append(link)
        self.selector.register(client, selectors.EVENT_READ, lambda _: self._upward(link))
        self.selector.register(server, selectors.EVENT_READ, lambda _: self._downward(link))

    def _drop(self, link):
        if link in self.links:
            self.links.remove(link)
            for end in (link.client, link.server):
                self.selector.unregister(end)
            link.close()

    def _pass(self, link, source, target):
        """Data to pass on; None: the link has ended."""
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._drop(link)
        return data

    def _send(self, link, target, data):
        try:
            target.sendall(data)
        except OSError:  # the other end is gone; what it sent before is still read
            pass
        return link in self.links

    def _upward(self, link):
        data = self._pass(link, link.client, link.server)
        for kind, message in link.from_client.feed(data):
            if kind == b"Q" and WATCHES in wire.strings(message)[0]:
                link.is_watcher = True
            if kind == b"P":
                link.parsed = wire.strings(message)[0]
            counts = kind in REQUESTS and not link.is_watcher
            if counts:
                link.is_extended = kind != b"Q"
                link.request = self._words(link, kind, message)
                self._event("request " + link.request, link.pid, link)
            if link not in self.links or not self._send(link, link.server, message):
                return
            if counts:
                self._event("sent " + link.request, link.pid, link)
            if link not in self.links:
                return

    @staticmethod
    def _words(link, kind, message):
        text = {b"Q": lambda: wire.strings(message)[0], b"E": lambda: link.parsed,
                b"S": lambda: ""}[kind]()
        # A run's id, and the key of a lock, are those of this run and this database alone.
        words = re.sub(r"\d{8}T\d{6}Z-\d+(-\w*)?|\d{9,}", "#", " ".join(text.split()))
        return kind.decode() + " " + words[:80]

    def _downward(self, link):
        data = self._pass(link, link.server, link.client)
        for kind, message in link.from_server.feed(data):
            if kind == b"K":
                link.backend = wire.backend_pid(message)
            answers = kind == b"Z" or (kind in (b"C", b"E") and link.is_extended)
            counts = answers and link.request and not link.is_watcher
            if counts:
                self._event("answered " + link.request, link.pid, link)
            if link not in self.links or not self._send(link, link.client, message):
                return
            if counts:
                self._event("done " + link.request, link.pid, link)
            if link not in self.links:
                return
