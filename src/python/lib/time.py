# time: each answer differs from run to run, and is marked so.
from _host import marked as _marked, now as _now


def time():
    return _marked(_now() / 1000000)


def time_ns():
    return _marked(_now() * 1000)


monotonic = perf_counter = process_time = time
monotonic_ns = perf_counter_ns = process_time_ns = time_ns


def sleep(secs):
    pass
