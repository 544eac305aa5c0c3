# base64 (RFC 4648): the alphabets of 64 and of 16.
from binascii import Error as _Error

_PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
_URL = _PLAIN[:62] + '-_'


def _encode(data, alphabet):
    out = []
    for i in range(0, len(data), 3):
        chunk = data[i:i + 3]
        value = 0
        for byte in chunk:
            value = value << 8 | byte
        value <<= 8 * (3 - len(chunk))
        text = ''.join([alphabet[value >> shift & 63] for shift in (18, 12, 6, 0)])
        out.append(text[:len(chunk) + 1] + '=' * (3 - len(chunk)))
    return ''.join(out).encode('ascii')


def _decode(text, alphabet):
    text = text.decode('latin-1') if isinstance(text, bytes) else text
    values = [alphabet.index(c) for c in text if c in alphabet]
    padding = text.count('=')
    left = len(values) % 4
    if left == 1:
        raise _Error(f'Invalid base64-encoded string: number of data characters ({len(values)}) '
                     'cannot be 1 more than a multiple of 4')
    if left and padding < 4 - left:
        raise _Error('Incorrect padding')
    out = []
    for i in range(0, len(values), 4):
        chunk = values[i:i + 4]
        value = 0
        for digit in chunk + [0] * (4 - len(chunk)):
            value = value << 6 | digit
        out.extend([value >> 16, value >> 8 & 255, value & 255][:len(chunk) - 1])
    return bytes(out)


def b64encode(s, altchars=None):
    alphabet = _PLAIN
    if altchars is not None:
        alphabet = _PLAIN[:62] + altchars.decode('ascii')
    return _encode(s, alphabet)


def b64decode(s, altchars=None, validate=False):
    alphabet = _PLAIN
    if altchars is not None:
        alphabet = _PLAIN[:62] + (altchars if isinstance(altchars, str)
                                  else altchars.decode('ascii'))
    return _decode(s, alphabet)


standard_b64encode = b64encode
standard_b64decode = b64decode


def urlsafe_b64encode(s):
    return _encode(s, _URL)


def urlsafe_b64decode(s):
    return _decode(s, _URL)


def b16encode(s):
    return s.hex().upper().encode('ascii')


def b16decode(s, casefold=False):
    text = s.decode('ascii') if isinstance(s, bytes) else s
    if not casefold and text != text.upper():
        raise _Error('Non-base16 digit found')
    return bytes.fromhex(text)
