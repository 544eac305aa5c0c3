# dateutil.tz, as far as UTC goes.

from datetime import timedelta, tzinfo


class tzutc(tzinfo):
    def utcoffset(self, dt):
        return timedelta(0)

    def dst(self, dt):
        return timedelta(0)

    def tzname(self, dt):
        return 'UTC'

    def __eq__(self, other):
        return isinstance(other, tzutc)

    def __hash__(self):
        return 0

    def __repr__(self):
        return 'tzutc()'


UTC = tzutc()
