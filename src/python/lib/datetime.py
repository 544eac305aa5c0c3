# datetime: the proleptic Gregorian calendar, as in CPython's module.
from _host import marked as _marked, now as _now

MINYEAR = 1
MAXYEAR = 9999

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = ('', 'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August',
           'September', 'October', 'November', 'December')
_WEEKDAYS = ('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year, month):
    return 29 if month == 2 and _is_leap(year) else _DAYS[month]


def _days_before_year(year):
    y = year - 1
    return y * 365 + y // 4 - y // 100 + y // 400


def _days_before_month(year, month):
    return sum(_DAYS[1:month]) + (month > 2 and _is_leap(year))


def _ymd2ord(year, month, day):
    return _days_before_year(year) + _days_before_month(year, month) + day


def _ord2ymd(n):
    year = n // 366 + 1
    while _days_before_year(year + 1) < n:
        year += 1
    n -= _days_before_year(year)
    month = 1
    while n > _days_in_month(year, month):
        n -= _days_in_month(year, month)
        month += 1
    return year, month, n


def _integer(value):
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        raise TypeError("'float' object cannot be interpreted as an integer")
    return value.__index__()


def _check_date(year, month, day):
    year, month, day = _integer(year), _integer(month), _integer(day)
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f'year {year} is out of range')
    if not 1 <= month <= 12:
        raise ValueError('month must be in 1..12')
    if not 1 <= day <= _days_in_month(year, month):
        raise ValueError('day is out of range for month')
    return year, month, day


def _check_time(hour, minute, second, microsecond, fold):
    if not 0 <= hour <= 23:
        raise ValueError('hour must be in 0..23')
    if not 0 <= minute <= 59:
        raise ValueError('minute must be in 0..59')
    if not 0 <= second <= 59:
        raise ValueError('second must be in 0..59')
    if not 0 <= microsecond <= 999999:
        raise ValueError('microsecond must be in 0..999999')
    if fold not in (0, 1):
        raise ValueError('fold must be either 0 or 1')


def _check_tzinfo(tz):
    if tz is not None and not isinstance(tz, tzinfo):
        raise TypeError("tzinfo argument must be None or of a tzinfo subclass, not type "
                        f"'{type(tz).__name__}'")


class timedelta:
    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0,
                 weeks=0):
        units = ((weeks, 604800000000), (days, 86400000000), (hours, 3600000000),
                 (minutes, 60000000), (seconds, 1000000), (milliseconds, 1000), (microseconds, 1))
        total, rest = 0, 0.0
        for value, scale in units:
            if isinstance(value, float):
                whole = int(value)
                part = (value - whole) * scale
                total += whole * scale + int(part)
                rest += part - int(part)
            elif isinstance(value, int):
                total += value * scale
            else:
                raise TypeError('unsupported type for timedelta component: '
                                f'{type(value).__name__}')
        if abs(rest) == 0.5:  # halves go to the even sum
            odd = total % 2
            total += 2 * round((rest + odd) * 0.5) - odd
        else:
            total += round(rest)
        self._set(total)

    def _set(self, total):
        self._total = total
        self._days, rest = divmod(total, 86400000000)
        self._seconds, self._microseconds = divmod(rest, 1000000)
        if abs(self._days) > 999999999:
            raise OverflowError(f'days={self._days}; must have magnitude <= 999999999')

    days = property(lambda self: self._days)
    seconds = property(lambda self: self._seconds)
    microseconds = property(lambda self: self._microseconds)

    def total_seconds(self):
        return self._total / 1000000

    def __repr__(self):
        args = []
        for name in ('days', 'seconds', 'microseconds'):
            value = getattr(self, name)
            if value:
                args.append(f'{name}={value}')
        return f'datetime.timedelta({", ".join(args) or "0"})'

    def __str__(self):
        minutes, seconds = divmod(self._seconds, 60)
        hours, minutes = divmod(minutes, 60)
        text = f'{hours}:{minutes:02d}:{seconds:02d}'
        if self._days:
            text = f'{self._days} day{"" if abs(self._days) == 1 else "s"}, {text}'
        if self._microseconds:
            text += f'.{self._microseconds:06d}'
        return text

    def __add__(self, other):
        return _delta(self._total + other._total) if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        return _delta(self._total - other._total) if isinstance(other, timedelta) else NotImplemented

    def __neg__(self):
        return _delta(-self._total)

    def __pos__(self):
        return self

    def __abs__(self):
        return _delta(abs(self._total))

    def __mul__(self, other):
        if isinstance(other, int):
            return _delta(self._total * other)
        if isinstance(other, float):
            a, b = other.as_integer_ratio()
            return _delta(_divide_nearest(self._total * a, b))
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._total // other._total
        return _delta(self._total // other) if isinstance(other, int) else NotImplemented

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._total / other._total
        if isinstance(other, int):
            return _delta(_divide_nearest(self._total, other))
        if isinstance(other, float):
            a, b = other.as_integer_ratio()
            return _delta(_divide_nearest(b * self._total, a))
        return NotImplemented

    def __mod__(self, other):
        return _delta(self._total % other._total) if isinstance(other, timedelta) else NotImplemented

    def __divmod__(self, other):
        return self // other, self % other

    def __eq__(self, other):
        return self._total == other._total if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._total < other._total if isinstance(other, timedelta) else NotImplemented

    def __le__(self, other):
        return self._total <= other._total if isinstance(other, timedelta) else NotImplemented

    def __gt__(self, other):
        return self._total > other._total if isinstance(other, timedelta) else NotImplemented

    def __ge__(self, other):
        return self._total >= other._total if isinstance(other, timedelta) else NotImplemented

    def __hash__(self):
        return hash((self._days, self._seconds, self._microseconds))

    def __bool__(self):
        return self._total != 0


def _delta(total):
    made = timedelta.__new__(timedelta)
    made._set(total)
    return made


def _divide_nearest(a, b):
    """a / b as an int, halves to the even one."""
    q, r = divmod(a, b)
    r *= 2
    more = r > b if b > 0 else r < b
    if more or (r == b and q % 2 == 1):
        q += 1
    return q


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(days=999999999, hours=23, minutes=59, seconds=59, microseconds=999999)
timedelta.resolution = timedelta(microseconds=1)


class tzinfo:
    def tzname(self, dt):
        raise NotImplementedError('tzinfo subclass must override tzname()')

    def utcoffset(self, dt):
        raise NotImplementedError('tzinfo subclass must override utcoffset()')

    def dst(self, dt):
        raise NotImplementedError('tzinfo subclass must override dst()')

    def fromutc(self, dt):
        offset = dt.utcoffset()
        dst = dt.dst()
        if offset is None or dst is None:
            raise ValueError('fromutc() requires a non-None utcoffset() result')
        delta = offset - dst
        if delta:
            dt += delta
            dst = dt.dst()
        return dt + dst


class timezone(tzinfo):
    def __init__(self, offset, name=None):
        if not isinstance(offset, timedelta):
            raise TypeError('timezone() argument 1 must be datetime.timedelta, not '
                            f'{type(offset).__name__}')
        if not -timedelta(1) < offset < timedelta(1):
            raise ValueError('offset must be a timedelta strictly between '
                             '-timedelta(hours=24) and timedelta(hours=24), not '
                             f'{offset!r}.')
        self._offset = offset
        self._name = name

    def __eq__(self, other):
        return self._offset == other._offset if isinstance(other, timezone) else NotImplemented

    def __hash__(self):
        return hash(self._offset)

    def __repr__(self):
        if not self._offset and self._name is None:
            return 'datetime.timezone.utc'
        if self._name is None:
            return f'datetime.timezone({self._offset!r})'
        return f'datetime.timezone({self._offset!r}, {self._name!r})'

    def __str__(self):
        return self.tzname(None)

    def utcoffset(self, dt):
        return self._offset

    def tzname(self, dt):
        if self._name is not None:
            return self._name
        return 'UTC' + _format_offset(self._offset, ':') if self._offset else 'UTC'

    def dst(self, dt):
        return None

    def fromutc(self, dt):
        return dt + self._offset


def _format_offset(offset, colon):
    total = offset._total
    sign = '-' if total < 0 else '+'
    seconds, micro = divmod(abs(total), 1000000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f'{sign}{hours:02d}{colon}{minutes:02d}'
    if seconds or micro:
        text += f'{colon}{seconds:02d}'
        if micro:
            text += f'.{micro:06d}'
    return text


timezone.utc = timezone(timedelta(0))
timezone.min = timezone(-timedelta(hours=23, minutes=59))
timezone.max = timezone(timedelta(hours=23, minutes=59))
UTC = timezone.utc


class date:
    def __new__(cls, year, month, day):
        self = object.__new__(cls)
        self._year, self._month, self._day = _check_date(year, month, day)
        return self

    year = property(lambda self: self._year)
    month = property(lambda self: self._month)
    day = property(lambda self: self._day)

    @classmethod
    def fromordinal(cls, n):
        if n < 1:
            raise ValueError('ordinal must be >= 1')
        return cls(*_ord2ymd(n))

    @classmethod
    def fromtimestamp(cls, timestamp):
        return datetime.fromtimestamp(timestamp).date()

    @classmethod
    def today(cls):
        return datetime.now().date()

    @classmethod
    def fromisoformat(cls, date_string):
        if not isinstance(date_string, str):
            raise TypeError('fromisoformat: argument must be str')
        try:
            parts = _parse_date(date_string)
        except (ValueError, IndexError):
            raise ValueError(f'Invalid isoformat string: {date_string!r}') from None
        return cls(*parts)

    @classmethod
    def fromisocalendar(cls, year, week, day):
        first = _iso_week1_monday(year)
        if not 0 < week < 53 and not (week == 53 and _iso_week1_monday(year + 1) - first > 364):
            raise ValueError(f'Invalid week: {week}')
        if not 0 < day < 8:
            raise ValueError(f'Invalid weekday: {day} (range is [1, 7])')
        return cls.fromordinal(first + (week - 1) * 7 + day - 1)

    def toordinal(self):
        return _ymd2ord(self._year, self._month, self._day)

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.toordinal() % 7 or 7

    def isocalendar(self):
        year, today = self._year, _ymd2ord(self._year, self._month, self._day)
        first = _iso_week1_monday(year)
        week = (today - first) // 7
        if week < 0:
            year -= 1
            week = (today - _iso_week1_monday(year)) // 7
        elif week >= 52 and today >= _iso_week1_monday(year + 1):
            year += 1
            week = 0
        return year, week + 1, self.isoweekday()

    def isoformat(self):
        return f'{self._year:04d}-{self._month:02d}-{self._day:02d}'

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        return f'datetime.date({self._year}, {self._month}, {self._day})'

    def ctime(self):
        return _ctime(self, 0, 0, 0)

    def strftime(self, format):
        return _strftime(self, format)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def replace(self, year=None, month=None, day=None):
        return type(self)(self._year if year is None else year,
                          self._month if month is None else month,
                          self._day if day is None else day)

    def timetuple(self):
        return (self._year, self._month, self._day, 0, 0, 0, self.weekday(),
                self.toordinal() - _days_before_year(self._year), -1)

    def _key(self):
        return self._year, self._month, self._day

    def _comparable(self, other):
        return isinstance(other, date) and not isinstance(other, datetime)

    def __eq__(self, other):
        return self._key() == other._key() if self._comparable(other) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if self._comparable(other) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if self._comparable(other) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if self._comparable(other) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if self._comparable(other) else NotImplemented

    def __hash__(self):
        return hash(self._key())

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        n = self.toordinal() + other._days
        if not 0 < n <= 3652059:
            raise OverflowError('date value out of range')
        return type(self).fromordinal(n)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + _delta(-other._days * 86400000000)
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return NotImplemented


def _iso_week1_monday(year):
    first = _ymd2ord(year, 1, 1)
    weekday = (first + 6) % 7
    return first - weekday + (7 if weekday > 3 else 0)


class time:
    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        hour, minute, second, microsecond = (_integer(hour), _integer(minute), _integer(second),
                                             _integer(microsecond))
        _check_time(hour, minute, second, microsecond, fold)
        _check_tzinfo(tzinfo)
        self = object.__new__(cls)
        self._hour, self._minute, self._second = hour, minute, second
        self._microsecond, self._tzinfo, self._fold = microsecond, tzinfo, fold
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)
    fold = property(lambda self: self._fold)

    @classmethod
    def fromisoformat(cls, time_string):
        try:
            parts = _parse_time(time_string[1:] if time_string[:1] == 'T' else time_string)
        except (ValueError, IndexError):
            raise ValueError(f'Invalid isoformat string: {time_string!r}') from None
        return cls(*parts)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(None)

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(None)

    def dst(self):
        return None if self._tzinfo is None else self._tzinfo.dst(None)

    def isoformat(self, timespec='auto'):
        text = _format_time(self, timespec)
        offset = self.utcoffset()
        return text if offset is None else text + _format_offset(offset, ':')

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        return _repr_with(f'datetime.time({self._hour}, {self._minute}', self)

    def strftime(self, format):
        return _strftime(self, format)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *,
                fold=None):
        return type(self)(self._hour if hour is None else hour,
                          self._minute if minute is None else minute,
                          self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo,
                          fold=self._fold if fold is None else fold)

    def _key(self):
        offset = self.utcoffset()
        value = ((self._hour * 60 + self._minute) * 60 + self._second) * 1000000
        value += self._microsecond
        return value if offset is None else value - offset._total

    def _order(self, other):
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            raise TypeError("can't compare offset-naive and offset-aware times")
        return self._key() - other._key()

    def __eq__(self, other):
        if not isinstance(other, time):
            return NotImplemented
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            return False
        return self._key() == other._key()

    def __lt__(self, other):
        return self._order(other) < 0 if isinstance(other, time) else NotImplemented

    def __le__(self, other):
        return self._order(other) <= 0 if isinstance(other, time) else NotImplemented

    def __gt__(self, other):
        return self._order(other) > 0 if isinstance(other, time) else NotImplemented

    def __ge__(self, other):
        return self._order(other) >= 0 if isinstance(other, time) else NotImplemented

    def __hash__(self):
        return hash(self._key())


def _format_time(t, timespec):
    text = f'{t.hour:02d}:{t.minute:02d}'
    if timespec == 'auto':
        timespec = 'microseconds' if t.microsecond else 'seconds'
    if timespec == 'hours':
        return f'{t.hour:02d}'
    if timespec == 'minutes':
        return text
    text += f':{t.second:02d}'
    if timespec == 'seconds':
        return text
    if timespec == 'milliseconds':
        return text + f'.{t.microsecond // 1000:03d}'
    if timespec == 'microseconds':
        return text + f'.{t.microsecond:06d}'
    raise ValueError('Unknown timespec value')


def _repr_with(text, t):
    if t.microsecond:
        text += f', {t.second}, {t.microsecond}'
    elif t.second:
        text += f', {t.second}'
    if t.tzinfo is not None:
        text += f', tzinfo={t.tzinfo!r}'
    if t.fold:
        text += ', fold=1'
    return text + ')'


_tzinfo_class = tzinfo
_time_class = time


class datetime(date):
    def __new__(cls, year, month=None, day=None, hour=0, minute=0, second=0, microsecond=0,
                tzinfo=None, *, fold=0):
        if month is None:
            raise TypeError("function missing required argument 'month' (pos 2)")
        if day is None:
            raise TypeError("function missing required argument 'day' (pos 3)")
        year, month, day = _check_date(year, month, day)
        hour, minute, second, microsecond = (_integer(hour), _integer(minute), _integer(second),
                                             _integer(microsecond))
        _check_time(hour, minute, second, microsecond, fold)
        _check_tzinfo(tzinfo)
        self = object.__new__(cls)
        self._year, self._month, self._day = year, month, day
        self._hour, self._minute, self._second = hour, minute, second
        self._microsecond, self._tzinfo, self._fold = microsecond, tzinfo, fold
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)
    fold = property(lambda self: self._fold)

    @classmethod
    def _from_micro(cls, micro, tz=None):
        """From microseconds since 0001-01-01."""
        days, rest = divmod(micro, 86400000000)
        if not 0 <= days < 3652059:
            raise OverflowError('date value out of range')
        year, month, day = _ord2ymd(days + 1)
        seconds, micro = divmod(rest, 1000000)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return cls(year, month, day, hour, minute, second, micro, tz)

    def _micro(self):
        seconds = (self._hour * 60 + self._minute) * 60 + self._second
        return ((self.toordinal() - 1) * 86400 + seconds) * 1000000 + self._microsecond

    @classmethod
    def _from_epoch(cls, micro, tz):
        utc = cls._from_micro(micro + _EPOCH, tz)
        if tz is None:
            return utc
        return tz.fromutc(utc)

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        _check_tzinfo(tz)
        made = cls._from_epoch(_timestamp_micro(timestamp), tz)
        # Without a zone it is local time, which is the host's affair.
        return made if tz is not None else _marked(made)

    @classmethod
    def utcfromtimestamp(cls, t):
        return cls._from_epoch(_timestamp_micro(t), None)

    @classmethod
    def now(cls, tz=None):
        _check_tzinfo(tz)
        return _marked(cls._from_epoch(_now(), tz))

    @classmethod
    def utcnow(cls):
        return _marked(cls._from_epoch(_now(), None))

    today = now

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        return cls(date.year, date.month, date.day, time.hour, time.minute, time.second,
                   time.microsecond, time.tzinfo if tzinfo is True else tzinfo, fold=time.fold)

    @classmethod
    def fromordinal(cls, n):
        if n < 1:
            raise ValueError('ordinal must be >= 1')
        return cls(*_ord2ymd(n))

    @classmethod
    def fromisoformat(cls, date_string):
        if not isinstance(date_string, str):
            raise TypeError('fromisoformat: argument must be str')
        try:
            size = _date_size(date_string)
            parts = _parse_date(date_string[:size])
            if len(date_string) > size:
                parts = (*parts, *_parse_time(date_string[size + 1:]))
        except (ValueError, IndexError):
            raise ValueError(f'Invalid isoformat string: {date_string!r}') from None
        return cls(*parts)

    @classmethod
    def strptime(cls, date_string, format):
        return _strptime(cls, date_string, format)

    def date(self):
        return _date_class(self._year, self._month, self._day)

    def time(self):
        return _time_class(self._hour, self._minute, self._second, self._microsecond,
                           fold=self._fold)

    def timetz(self):
        return _time_class(self._hour, self._minute, self._second, self._microsecond,
                           self._tzinfo, fold=self._fold)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(self)

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(self)

    def dst(self):
        return None if self._tzinfo is None else self._tzinfo.dst(self)

    def timestamp(self):
        offset = self.utcoffset()
        if offset is None:  # local time, which is the host's affair
            return _marked((self._micro() - _EPOCH) / 1000000)
        return (self._micro() - offset._total - _EPOCH) / 1000000

    def astimezone(self, tz=None):
        offset = self.utcoffset()
        if tz is None or offset is None:
            from _host import refuse
            refuse('astimezone() depends on the local time zone')
        if tz is self._tzinfo:
            return self
        utc = self._from_micro(self._micro() - offset._total, tz)
        return tz.fromutc(utc)

    def isoformat(self, sep='T', timespec='auto'):
        text = _date_class.isoformat(self) + sep + _format_time(self, timespec)
        offset = self.utcoffset()
        return text if offset is None else text + _format_offset(offset, ':')

    def __str__(self):
        return self.isoformat(' ')

    def __repr__(self):
        head = (f'datetime.datetime({self._year}, {self._month}, {self._day}, {self._hour}, '
                f'{self._minute}')
        return _repr_with(head, self)

    def ctime(self):
        return _ctime(self, self._hour, self._minute, self._second)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None,
                microsecond=None, tzinfo=True, *, fold=None):
        return type(self)(self._year if year is None else year,
                          self._month if month is None else month,
                          self._day if day is None else day,
                          self._hour if hour is None else hour,
                          self._minute if minute is None else minute,
                          self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo,
                          fold=self._fold if fold is None else fold)

    def timetuple(self):
        return (self._year, self._month, self._day, self._hour, self._minute, self._second,
                self.weekday(), self.toordinal() - _days_before_year(self._year), -1)

    def _utc_micro(self):
        offset = self.utcoffset()
        return self._micro() if offset is None else self._micro() - offset._total

    def _order(self, other):
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return self._utc_micro() - other._utc_micro()

    def __eq__(self, other):
        if not isinstance(other, datetime):
            return NotImplemented
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            return False
        return self._utc_micro() == other._utc_micro()

    def __lt__(self, other):
        return self._order(other) < 0 if isinstance(other, datetime) else NotImplemented

    def __le__(self, other):
        return self._order(other) <= 0 if isinstance(other, datetime) else NotImplemented

    def __gt__(self, other):
        return self._order(other) > 0 if isinstance(other, datetime) else NotImplemented

    def __ge__(self, other):
        return self._order(other) >= 0 if isinstance(other, datetime) else NotImplemented

    def __hash__(self):
        return hash(self._utc_micro())

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        return self._from_micro(self._micro() + other._total, self._tzinfo)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self._from_micro(self._micro() - other._total, self._tzinfo)
        if not isinstance(other, datetime):
            return NotImplemented
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            raise TypeError("can't subtract offset-naive and offset-aware datetimes")
        if self._tzinfo is other._tzinfo:
            return _delta(self._micro() - other._micro())
        return _delta(self._utc_micro() - other._utc_micro())


_date_class = date
_EPOCH = (_ymd2ord(1970, 1, 1) - 1) * 86400000000

date.min = date(1, 1, 1)
date.max = date(9999, 12, 31)
date.resolution = timedelta(days=1)
time.min = time(0, 0)
time.max = time(23, 59, 59, 999999)
time.resolution = timedelta(microseconds=1)
datetime.min = datetime(1, 1, 1)
datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)


def _timestamp_micro(t):
    if isinstance(t, int):
        return t * 1000000
    a, b = t.as_integer_ratio()
    return _divide_nearest(a * 1000000, b)


# ---- text ----

def _ctime(d, hour, minute, second):
    return (f'{_WEEKDAYS[d.weekday()][:3]} {_MONTHS[d.month][:3]} {d.day:2d} '
            f'{hour:02d}:{minute:02d}:{second:02d} {d.year:04d}')


def _strftime(d, format):
    is_date, is_time = isinstance(d, date), not isinstance(d, date) or isinstance(d, datetime)
    year, month, day = (d.year, d.month, d.day) if is_date else (1900, 1, 1)
    hour, minute, second, micro = (0, 0, 0, 0)
    if is_time:
        hour, minute, second, micro = d.hour, d.minute, d.second, d.microsecond
    number = _ymd2ord(year, month, day)
    weekday = (number + 6) % 7
    yday = number - _days_before_year(year)
    out, i = [], 0
    while i < len(format):
        if format[i] != '%' or i + 1 == len(format):
            out.append(format[i])
            i += 1
            continue
        code = format[i + 1]
        i += 2
        if code == 'Y':
            out.append(str(year))
        elif code == 'm':
            out.append(f'{month:02d}')
        elif code == 'd':
            out.append(f'{day:02d}')
        elif code == 'H':
            out.append(f'{hour:02d}')
        elif code == 'M':
            out.append(f'{minute:02d}')
        elif code == 'S':
            out.append(f'{second:02d}')
        elif code == 'f':
            out.append(f'{micro:06d}')
        elif code == 'y':
            out.append(f'{year % 100:02d}')
        elif code == 'j':
            out.append(f'{yday:03d}')
        elif code == 'I':
            out.append(f'{hour % 12 or 12:02d}')
        elif code == 'p':
            out.append('AM' if hour < 12 else 'PM')
        elif code == 'a':
            out.append(_WEEKDAYS[weekday][:3])
        elif code == 'A':
            out.append(_WEEKDAYS[weekday])
        elif code in 'bh':
            out.append(_MONTHS[month][:3])
        elif code == 'B':
            out.append(_MONTHS[month])
        elif code == 'w':
            out.append(str((weekday + 1) % 7))
        elif code == 'u':
            out.append(str(weekday + 1))
        elif code == 'U':
            out.append(f'{(yday + 6 - (weekday + 1) % 7) // 7:02d}')
        elif code == 'W':
            out.append(f'{(yday + 6 - weekday) // 7:02d}')
        elif code == 'F':
            out.append(f'{year}-{month:02d}-{day:02d}')
        elif code == 'T':
            out.append(f'{hour:02d}:{minute:02d}:{second:02d}')
        elif code == 'D':
            out.append(f'{month:02d}/{day:02d}/{year % 100:02d}')
        elif code == 'R':
            out.append(f'{hour:02d}:{minute:02d}')
        elif code == 'e':
            out.append(f'{day:2d}')
        elif code == 'c':
            out.append(f'{_WEEKDAYS[weekday][:3]} {_MONTHS[month][:3]} {day:2d} '
                       f'{hour:02d}:{minute:02d}:{second:02d} {year}')
        elif code == 'x':
            out.append(f'{month:02d}/{day:02d}/{year % 100:02d}')
        elif code == 'X':
            out.append(f'{hour:02d}:{minute:02d}:{second:02d}')
        elif code == 'z':
            offset = d.utcoffset() if is_time else None
            out.append('' if offset is None else _format_offset(offset, ''))
        elif code == 'Z':
            out.append((d.tzname() if is_time else None) or '')
        elif code == 'n':
            out.append('\n')
        elif code == 't':
            out.append('\t')
        elif code == '%':
            out.append('%')
        else:
            from _host import refuse
            refuse(f'strftime() with %{code} is not supported')
    return ''.join(out)


def _digits(text):
    if not text or not text.isascii() or not text.isdigit():
        raise ValueError(text)
    return int(text)


def _date_size(text):
    """The length of the date in front of a time."""
    if text[4:5] == '-':
        if text[5:6] == 'W':
            return 10 if text[8:9] == '-' else 8
        return 10
    if text[4:5] == 'W':
        return 8 if text[7:8].isdigit() else 7
    return 8


def _parse_date(text):
    if 'W' in text:
        plain = text.replace('-', '')
        if len(plain) not in (7, 8) or plain[4] != 'W' or text.count('-') not in (0, len(plain) - 6):
            raise ValueError(text)
        day = _digits(plain[7:]) if len(plain) == 8 else 1
        d = _date_class.fromisocalendar(_digits(plain[:4]), _digits(plain[5:7]), day)
        return d.year, d.month, d.day
    if len(text) == 10 and text[4] == text[7] == '-':
        return _digits(text[:4]), _digits(text[5:7]), _digits(text[8:])
    if len(text) == 8:
        return _digits(text[:4]), _digits(text[4:6]), _digits(text[6:])
    raise ValueError(text)


def _parse_clock(text):
    """HH[:MM[:SS[.ffffff]]], with or without colons, as a list of four."""
    fraction = ''
    for mark in '.,':
        if mark in text:
            text, fraction = text.split(mark)
            if not fraction:
                raise ValueError(text)
    parts = text.split(':')
    if len(parts) == 1:
        parts = [text[i:i + 2] for i in range(0, len(text), 2)]
    if not 1 <= len(parts) <= 3 or any(len(part) != 2 for part in parts):
        raise ValueError(text)
    if fraction and len(parts) != 3:
        raise ValueError(text)
    values = [_digits(part) for part in parts] + [0] * (3 - len(parts))
    if fraction:
        _digits(fraction)
    values.append(_digits((fraction + '000000')[:6]))
    return values


def _parse_time(text):
    zone = None
    for mark in 'Z+-':
        if mark in text:
            at = text.index(mark)
            zone = text[at:]
            text = text[:at]
            break
    values = _parse_clock(text)
    if zone is None:
        return (*values, None)
    if zone == 'Z':
        return (*values, timezone.utc)
    h, m, s, us = _parse_clock(zone[1:])
    offset = timedelta(hours=h, minutes=m, seconds=s, microseconds=us)
    offset = -offset if zone[0] == '-' else offset
    return (*values, timezone(offset) if offset else timezone.utc)


def _strptime(cls, text, format):
    """The directives that are numbers, names of months and days, %p, %z and %%."""
    values = {'Y': 1900, 'm': 1, 'd': 1, 'H': 0, 'M': 0, 'S': 0, 'f': 0}
    problem = ValueError(f'time data {text!r} does not match format {format!r}')
    hour12 = half = zone = yday = None
    at = i = 0

    def number(low, high, width):
        nonlocal at
        size = 0
        while size < width and text[at + size:at + size + 1].isdigit():
            size += 1
        while size and not low <= int(text[at:at + size]) <= high:
            size -= 1
        if not size:
            raise problem
        at += size
        return int(text[at - size:at])

    def word(names):
        nonlocal at
        for index, name in enumerate(names):
            if name and text[at:at + len(name)].lower() == name.lower():
                at += len(name)
                return index
        raise problem

    while i < len(format):
        c = format[i]
        i += 1
        if c.isspace():
            while format[i:i + 1].isspace():
                i += 1
            if not text[at:at + 1].isspace():
                raise problem
            while text[at:at + 1].isspace():
                at += 1
            continue
        if c != '%':
            if text[at:at + 1].lower() != c.lower():
                raise problem
            at += 1
            continue
        code = format[i:i + 1]
        i += 1
        if code == 'Y':
            if not text[at:at + 4].isdigit() or len(text[at:at + 4]) != 4:
                raise problem
            values['Y'] = int(text[at:at + 4])
            at += 4
        elif code == 'y':
            year = number(0, 99, 2)
            values['Y'] = year + (2000 if year < 69 else 1900)
        elif code == 'm':
            values['m'] = number(1, 12, 2)
        elif code == 'd':
            values['d'] = number(1, 31, 2)
        elif code == 'H':
            values['H'] = number(0, 23, 2)
        elif code == 'I':
            hour12 = number(1, 12, 2)
        elif code == 'M':
            values['M'] = number(0, 59, 2)
        elif code == 'S':
            values['S'] = number(0, 61, 2)
        elif code == 'f':
            start = at
            number(0, 999999, 6)
            values['f'] = int((text[start:at] + '000000')[:6])
        elif code == 'j':
            yday = number(1, 366, 3)
        elif code == 'p':
            half = word(('AM', 'PM'))
        elif code == 'b':
            values['m'] = word([name[:3] for name in _MONTHS])
        elif code == 'B':
            values['m'] = word(_MONTHS)
        elif code == 'a':
            word([name[:3] for name in _WEEKDAYS])
        elif code == 'A':
            word(_WEEKDAYS)
        elif code == 'z':
            start = at
            if text[at:at + 1] == 'Z':
                at += 1
                zone = timezone.utc
            else:
                if text[at:at + 1] not in ('+', '-'):
                    raise problem
                at += 1
                while text[at:at + 1].isdigit() or text[at:at + 1] == ':':
                    at += 1
                clock = text[start + 1:at].replace(':', '')
                if len(clock) != 4 or int(clock[2:]) > 59:
                    raise problem
                offset = timedelta(hours=int(clock[:2]), minutes=int(clock[2:]))
                zone = timezone(-offset if text[start] == '-' else offset)
        elif code == '%':
            if text[at:at + 1] != '%':
                raise problem
            at += 1
        else:
            from _host import refuse
            refuse(f'strptime() with %{code} is not supported')
    if at < len(text):
        raise ValueError(f'unconverted data remains: {text[at:]}')
    if hour12 is not None:
        values['H'] = hour12 % 12 + (12 if half == 1 else 0)
    if yday is not None:
        _, values['m'], values['d'] = _ord2ymd(_days_before_year(values['Y']) + yday)
    return cls(values['Y'], values['m'], values['d'], values['H'], values['M'], values['S'],
               values['f'], zone)
