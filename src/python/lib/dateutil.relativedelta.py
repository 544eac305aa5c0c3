# dateutil.relativedelta: steps of months and years, and parts of a date that are set.

from datetime import date, datetime, timedelta

_steps = ('years', 'months', 'days', 'hours', 'minutes', 'seconds', 'microseconds')
_parts = ('year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond')
_carry = (('microseconds', 'seconds', 1000000), ('seconds', 'minutes', 60),
          ('minutes', 'hours', 60), ('hours', 'days', 24), ('months', 'years', 12))


def _month_length(year, month):
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - date(year, month, 1)).days


class relativedelta:
    def __init__(self, *, years=0, months=0, days=0, weeks=0, hours=0, minutes=0, seconds=0,
                 microseconds=0, year=None, month=None, day=None, hour=None, minute=None,
                 second=None, microsecond=None):
        if any(x is not None and x != int(x) for x in (years, months)):
            raise ValueError('Non-integer years and months are ambiguous and not currently '
                             'supported.')
        self.years, self.months, self.days = int(years), int(months), days + weeks * 7
        self.hours, self.minutes, self.seconds = hours, minutes, seconds
        self.microseconds = microseconds
        self.year, self.month, self.day, self.hour = year, month, day, hour
        self.minute, self.second, self.microsecond = minute, second, microsecond
        for small, large, size in _carry:
            value = getattr(self, small)
            if abs(value) >= size:
                sign = 1 if value > 0 else -1
                over, rest = divmod(abs(value), size)
                setattr(self, small, rest * sign)
                setattr(self, large, getattr(self, large) + over * sign)

    @property
    def weeks(self):
        return int(self.days / 7.0)

    def _scaled(self, factor):
        steps = {name: int(getattr(self, name) * factor) for name in _steps}
        return relativedelta(**steps, **{name: getattr(self, name) for name in _parts})

    def __add__(self, other):
        if isinstance(other, relativedelta):
            steps = {name: getattr(self, name) + getattr(other, name) for name in _steps}
            parts = {}
            for name in _parts:
                given = getattr(other, name)
                parts[name] = getattr(self, name) if given is None else given
            return relativedelta(**steps, **parts)
        if isinstance(other, timedelta):
            return self + relativedelta(days=other.days, seconds=other.seconds,
                                        microseconds=other.microseconds)
        if not isinstance(other, date):
            return NotImplemented
        timed = any(getattr(self, name) for name in _steps[3:]) or any(
            getattr(self, name) is not None for name in _parts[3:])
        if timed and not isinstance(other, datetime):
            other = datetime(other.year, other.month, other.day)
        year = (self.year or other.year) + self.years
        month = self.month or other.month
        if self.months:
            month += self.months
            if month > 12:
                year, month = year + 1, month - 12
            elif month < 1:
                year, month = year - 1, month + 12
        parts = {'year': year, 'month': month,
                 'day': min(_month_length(year, month), self.day or other.day)}
        for name in _parts[3:]:
            if getattr(self, name) is not None:
                parts[name] = getattr(self, name)
        return other.replace(**parts) + timedelta(
            days=self.days, hours=self.hours, minutes=self.minutes, seconds=self.seconds,
            microseconds=self.microseconds)

    __radd__ = __add__

    def __neg__(self):
        return self._scaled(-1)

    def __rsub__(self, other):
        return -self + other

    def __sub__(self, other):
        if not isinstance(other, relativedelta):
            return NotImplemented
        return self + -other

    def __mul__(self, factor):
        return self._scaled(float(factor))

    __rmul__ = __mul__

    def __bool__(self):
        return any(getattr(self, name) for name in _steps) or any(
            getattr(self, name) is not None for name in _parts)

    def __eq__(self, other):
        if not isinstance(other, relativedelta):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _steps + _parts)

    def __repr__(self):
        shown = [f'{name}={getattr(self, name):+g}' for name in _steps if getattr(self, name)]
        shown += [f'{name}={getattr(self, name)!r}' for name in _parts
                  if getattr(self, name) is not None]
        return f'relativedelta({", ".join(shown)})'
