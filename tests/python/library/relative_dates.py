# dateutil.relativedelta and dateutil.tz
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.tz import tzutc
from dateutil import tz

d = date(2024, 1, 31)
for delta in (
    relativedelta(months=1), relativedelta(months=-2), relativedelta(years=1, months=1),
    relativedelta(days=40), relativedelta(weeks=2), relativedelta(months=25),
    relativedelta(day=1), relativedelta(month=2, day=31), relativedelta(months=+1, day=1),
    relativedelta(hours=50), relativedelta(months=-13, days=-1),
):
    print(delta, d + delta, d - delta, -delta, bool(delta))
t = datetime(2024, 2, 29, 23, 59, 59)
print(t + relativedelta(years=1), t + relativedelta(hour=0, minute=0, second=0))
print(t - relativedelta(months=1, seconds=3), relativedelta(months=1) + t)
print(relativedelta(months=1) + relativedelta(months=12, days=3), relativedelta(days=1) * 3)
print(relativedelta(days=3) - relativedelta(days=1), relativedelta(months=1) == relativedelta(months=1))
print(relativedelta() == relativedelta(days=1), bool(relativedelta()), relativedelta(days=15).weeks)
print(relativedelta(days=1) + timedelta(days=2), relativedelta(months=7) * 2)
print(datetime(2024, 1, 1, tzinfo=tzutc()), tz.tzutc(), tz.UTC)
