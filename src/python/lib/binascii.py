# binascii: bytes and their hexadecimal digits.


class Error(ValueError):
    pass


def hexlify(data):
    return data.hex().encode('ascii')


b2a_hex = hexlify


def unhexlify(hexstr):
    text = hexstr.decode('ascii') if isinstance(hexstr, bytes) else hexstr
    if len(text) % 2:
        raise Error('Odd-length string')
    if any(c not in '0123456789abcdefABCDEF' for c in text):
        raise Error('Non-hexadecimal digit found')
    return bytes.fromhex(text)


a2b_hex = unhexlify
