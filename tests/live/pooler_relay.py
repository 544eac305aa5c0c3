"""A pooler that always has the client's own session to give: nothing refutes it but what it cannot
do, to pass on what a session sends while it is given to nobody.

    pooler_relay.py SOCKET SERVER pass | drop

Frames: PostgreSQL manual, "Message Formats". Process ids are made up, as a pooler's are."""

import os
import socket
import struct
import sys
import threading


def read(conn, size):
    data = b""
    while len(data) < size:
        part = conn.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def to_server(client, server):
    try:
        while data := client.recv(65536):
            server.sendall(data)
        server.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the server ended first


def to_client(server, client, drop):
    while True:
        kind, length = struct.unpack("!cI", read(server, 5))
        body = read(server, length - 4)
        if kind == b"K":  # BackendKeyData
            body = struct.pack("!I", 1) + body[4:]
        if kind != b"A" or not drop:  # NotificationResponse
            client.sendall(kind + struct.pack("!I", length) + body)


def serve(client, address, drop):
    server = socket.socket(socket.AF_UNIX)
    server.connect(address)
    threading.Thread(target=to_server, args=(client, server), daemon=True).start()
    try:
        to_client(server, client, drop)
    except (EOFError, OSError):
        client.close()
        server.close()


def main():
    own, address, what = sys.argv[1:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(own + ".new")
    listener.listen()
    os.rename(own + ".new", own)  # there is none before it listens
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, address, what == "drop"), daemon=True).start()


main()
