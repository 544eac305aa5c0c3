"""PostgreSQL's messages, as far as the sweep needs them, and a small client.

The protocol is in the PostgreSQL manual, chapter 55 (message formats: 55.7).
"""
import socket
import struct

SSL, GSS = 80877103, 80877104  # a client asks for encryption, and starts up afterwards


class ServerError(Exception):
    pass


class Messages:
    """Takes a stream apart into messages: (type, bytes). A startup packet has the type b''."""

    def __init__(self, has_startup):
        self.buffer = b""
        self.has_startup = has_startup

    def feed(self, data):
        self.buffer += data
        while True:
            at = 0 if self.has_startup else 1
            if len(self.buffer) < at + 4:
                return
            size = at + struct.unpack_from(">i", self.buffer, at)[0]
            if len(self.buffer) < size:
                return
            message, self.buffer = self.buffer[:size], self.buffer[size:]
            if self.has_startup:
                code = struct.unpack_from(">i", message, 4)[0]
                self.has_startup = code in (SSL, GSS)
                yield b"", message
            else:
                yield message[:1], message


def backend_pid(message):
    """Of a BackendKeyData message."""
    return struct.unpack_from(">i", message, 5)[0]


def strings(message):
    """The zero-terminated strings in a message's body, made readable: for labels."""
    return [s.decode(errors="replace") for s in message[5:].split(b"\0") if s]


class Session:
    """A session of the harness's own: simple queries, values as text."""

    def __init__(self, host, database, user="postgres", port=5432, timeout=30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect("%s/.s.PGSQL.%d" % (host, port))
        self.messages = Messages(False)
        self.waiting = []
        self.pid = None
        body = struct.pack(">i", 196608)
        for word in ("user", user, "database", database, "application_name", "sweep"):
            body += word.encode() + b"\0"
        body += b"\0"
        self.socket.sendall(struct.pack(">i", len(body) + 4) + body)
        self._answer()

    def _next(self):
        while not self.waiting:
            data = self.socket.recv(65536)
            if not data:
                raise ServerError("the server closed the connection")
            self.waiting.extend(self.messages.feed(data))
        return self.waiting.pop(0)

    def _answer(self):
        rows, error = [], None
        while True:
            kind, message = self._next()
            if kind == b"E":
                fields = dict((s[0], s[1:]) for s in strings(message))
                error = fields.get("C", "") + " " + fields.get("M", "")
            elif kind == b"K":
                self.pid = backend_pid(message)
            elif kind == b"D":
                rows.append(self._row(message))
            elif kind == b"Z":
                if error:
                    raise ServerError(error)
                return rows

    @staticmethod
    def _row(message):
        count, at, row = struct.unpack_from(">h", message, 5)[0], 7, []
        for _ in range(count):
            size = struct.unpack_from(">i", message, at)[0]
            at += 4
            row.append(None if size < 0 else message[at:at + size].decode())
            at += max(size, 0)
        return tuple(row)

    def send(self, sql):
        """Sends a query without waiting for its answer."""
        body = sql.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack(">i", len(body) + 4) + body)

    def query(self, sql):
        self.send(sql)
        return self._answer()

    def close(self):
        self.socket.close()
