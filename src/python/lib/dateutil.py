# dateutil: a package; its modules that are known here are relativedelta and tz.
