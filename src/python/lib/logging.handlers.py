# logging.handlers: handlers that handle nothing.
from logging import Handler


class RotatingFileHandler(Handler):
    pass


class TimedRotatingFileHandler(Handler):
    pass


class SysLogHandler(Handler):
    pass


class QueueHandler(Handler):
    pass
