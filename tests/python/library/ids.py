import base64, binascii, hashlib, uuid

u = uuid.UUID('{12345678-1234-5678-1234-567812345678}')
print(u, repr(u), u.hex, u.int, u.bytes, u.fields, u.urn, u.version, u.variant)
print(uuid.uuid5(uuid.NAMESPACE_DNS, 'python.org'), uuid.uuid3(uuid.NAMESPACE_URL, 'x'))
print(uuid.UUID(int=5), uuid.UUID(bytes=b'a' * 16), u == uuid.UUID(u.hex), u in {u}, u < uuid.UUID(int=1 << 127))
for wrong in (lambda: uuid.UUID('x'), lambda: uuid.UUID(), lambda: uuid.UUID(int=-1)):
    try:
        wrong()
    except Exception as e:
        print(type(e).__name__, e)
for data in (b'', b'abc', b'a' * 55, b'a' * 56, b'a' * 64, bytes(range(256)) * 5):
    for name in ('md5', 'sha1', 'sha224', 'sha256'):
        print(name, len(data), getattr(hashlib, name)(data).hexdigest())
h = hashlib.sha256()
h.update(b'a')
h.update(b'b')
print(h.hexdigest(), hashlib.new('md5', b'x').digest(), h.digest_size)
for data in (b'', b'a', b'ab', b'abc', b'\xff\xfe\xfd'):
    e = base64.b64encode(data)
    print(e, base64.b64decode(e), base64.urlsafe_b64encode(data), base64.b16encode(data))
print(binascii.hexlify(b'\x01\xff'), binascii.unhexlify('01ff'))
