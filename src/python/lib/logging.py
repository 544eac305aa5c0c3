# logging that says nothing: what env.py and revisions log is of no interest here.

CRITICAL = FATAL = 50
ERROR = 40
WARNING = WARN = 30
INFO = 20
DEBUG = 10
NOTSET = 0

_names = {50: 'CRITICAL', 40: 'ERROR', 30: 'WARNING', 20: 'INFO', 10: 'DEBUG', 0: 'NOTSET'}
_loggers = {}


def getLevelName(level):
    if level in _names:
        return _names[level]
    for number, name in _names.items():
        if name == level:
            return number
    return f'Level {level}'


class Filterer:
    def __init__(self):
        self.filters = []

    def addFilter(self, filter):
        self.filters.append(filter)

    def removeFilter(self, filter):
        self.filters.remove(filter)


class Handler(Filterer):
    def __init__(self, *args, **kwargs):
        super().__init__()
        self.level = NOTSET
        self.formatter = None

    def setLevel(self, level):
        self.level = level

    def setFormatter(self, formatter):
        self.formatter = formatter

    def flush(self):
        pass

    def close(self):
        pass


class StreamHandler(Handler):
    pass


class FileHandler(Handler):
    pass


class NullHandler(Handler):
    pass


class Formatter:
    def __init__(self, *args, **kwargs):
        pass


class Filter:
    def __init__(self, name=''):
        self.name = name


class Logger(Filterer):
    def __init__(self, name, level=NOTSET):
        super().__init__()
        self.name = name
        self.level = level
        self.handlers = []
        self.propagate = True
        self.disabled = False

    def setLevel(self, level):
        self.level = level if isinstance(level, int) else getLevelName(level)

    def addHandler(self, handler):
        self.handlers.append(handler)

    def removeHandler(self, handler):
        if handler in self.handlers:
            self.handlers.remove(handler)

    def hasHandlers(self):
        return bool(self.handlers)

    def getEffectiveLevel(self):
        return self.level or WARNING

    def isEnabledFor(self, level):
        return level >= self.getEffectiveLevel()

    def getChild(self, suffix):
        return getLogger(f'{self.name}.{suffix}')

    def debug(self, msg, *args, **kwargs):
        pass

    info = warning = warn = error = exception = critical = fatal = debug

    def log(self, level, msg, *args, **kwargs):
        pass


class LoggerAdapter(Logger):
    def __init__(self, logger, extra=None):
        super().__init__(logger.name)
        self.logger = logger
        self.extra = extra


root = Logger('root', WARNING)


class Manager:
    loggerDict = _loggers
    disable = 0


Logger.manager = Manager()
Logger.manager.root = Logger.root = root


def getLogger(name=None):
    if not name or name == 'root':
        return root
    if name not in _loggers:
        _loggers[name] = Logger(name)
    return _loggers[name]


def basicConfig(**kwargs):
    pass


def disable(level=CRITICAL):
    pass


def captureWarnings(capture):
    pass


def addLevelName(level, levelName):
    _names[level] = levelName


def debug(msg, *args, **kwargs):
    pass


info = warning = warn = error = exception = critical = fatal = debug


def log(level, msg, *args, **kwargs):
    pass
