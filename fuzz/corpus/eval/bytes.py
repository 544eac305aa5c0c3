b = b"abc\x00\xff"
print(b, b[0], b[1:3], len(b), b + b"x", b * 2, b"b" in b, 97 in b, b.hex(), bytes.fromhex("00ff"), list(b), b == b"abc\x00\xff", bytes(3), bytes([1, 2]), bytes("é", "utf-8"))
print(b"it's", b'"', b"\n\t\\", b"a" < b"b", b"abc".startswith(b"a"), b"x".decode(), str(b"\xc3\xa9", "utf-8"), hash(b"a") == hash(b"a"))
