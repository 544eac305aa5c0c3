import datetime as m
from datetime import date, datetime, time, timedelta, timezone


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


est = timezone(timedelta(hours=-5), 'EST')
for value in (date(2020, 2, 29), datetime(2020, 12, 31, 23, 59, 59, 999999), datetime(1, 1, 1),
              datetime(2020, 1, 2, 3, 4, tzinfo=timezone.utc), datetime(2021, 3, 4, tzinfo=est),
              time(1, 2), time(1, 2, 3, 4, tzinfo=est), timedelta(days=-1, hours=5),
              timedelta(microseconds=1), timedelta(weeks=1.5), est, timezone.utc):
    print(value, repr(value))
d = datetime(2024, 2, 28, 13, 5, 7, 89)
print(d.strftime('%Y-%m-%d %H:%M:%S.%f %y %j %I %p %a %A %b %B %w %U %W %%'), d.ctime())
print(d.isoformat(), d.isoformat(' ', 'minutes'), d.date(), d.time(), d.weekday(), d.isoweekday())
print(d.isocalendar()[:], d.toordinal(), d.replace(year=2023), d.timetuple()[:])
print(d + timedelta(days=2), d - timedelta(hours=14), d - datetime(2020, 1, 1), f'{d:%d.%m.%Y}')
print(datetime(2020, 1, 1, tzinfo=est).astimezone(timezone.utc), datetime(2020, 1, 1, tzinfo=est).timestamp())
print(datetime.fromisoformat('2020-01-02T03:04:05.678+01:30'), date.fromisoformat('2020-01-02'))
print(datetime.strptime('2020-01-02 03:04:05', '%Y-%m-%d %H:%M:%S'), datetime.fromtimestamp(1.5, timezone.utc))
print(timedelta(days=1, seconds=2) * 3, timedelta(10) / 4, timedelta(10) // timedelta(3), -timedelta(1))
print(timedelta(hours=36).total_seconds(), timedelta(seconds=0.1).microseconds, abs(timedelta(-1)))
print(date(2020, 1, 1) < date(2020, 1, 2), datetime(2020, 1, 1) == date(2020, 1, 1), max(d.date(), date.min))
print(date.fromordinal(737425), datetime.combine(date(2020, 1, 1), time(12)), date.max, datetime.min)
print({date(2020, 1, 1): 1}[date(2020, 1, 1)], isinstance(d, date), timedelta(0) or 'zero')
show(lambda: date(2020, 2, 30))
show(lambda: datetime(2020, 13, 1))
show(lambda: time(25))
show(lambda: datetime(2020, 1, 1) < datetime(2020, 1, 1, tzinfo=est))
show(lambda: datetime.strptime('x', '%Y'))
show(lambda: datetime.strptime('2020-01-02x', '%Y-%m-%d'))
show(lambda: datetime.fromisoformat('nonsense'))
show(lambda: date(9999, 12, 31) + timedelta(1))
show(lambda: timezone(timedelta(2)))
