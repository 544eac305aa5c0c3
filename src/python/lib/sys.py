# sys, of a program that has no host.
from _host import unknown as _unknown

path = []
argv = ['']
modules = {}
platform = 'linux'
byteorder = 'little'
maxsize = 9223372036854775807
maxunicode = 1114111
stdin = None


class _Stream:
    encoding = 'utf-8'

    def write(self, text):
        print(text, end='')
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False


class _Sink(_Stream):
    def write(self, text):
        return len(text)


stdout = _Stream()
stderr = _Sink()


class _VersionInfo(tuple):
    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])
    micro = property(lambda self: self[2])
    releaselevel = property(lambda self: self[3])
    serial = property(lambda self: self[4])


version_info = _VersionInfo((3, 13, 0, 'final', 0))


def exit(status=None, /):
    raise SystemExit(status)


def intern(string, /):
    return string


def getrecursionlimit():
    return 1000


def setrecursionlimit(limit, /):
    pass


def getdefaultencoding():
    return 'utf-8'
