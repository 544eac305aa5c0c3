# secrets: as random, marked.
from base64 import urlsafe_b64encode as _b64
from random import choice, getrandbits as randbits, _below as randbelow
from _host import random_bytes as _random_bytes

DEFAULT_ENTROPY = 32


def token_bytes(nbytes=None):
    return _random_bytes(DEFAULT_ENTROPY if nbytes is None else nbytes)


def token_hex(nbytes=None):
    return token_bytes(nbytes).hex()


def token_urlsafe(nbytes=None):
    return _b64(token_bytes(nbytes)).decode('ascii').rstrip('=')


def compare_digest(a, b):
    return a == b
