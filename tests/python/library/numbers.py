import math

print(math.floor(2.7), math.ceil(2.1), math.trunc(-2.7), math.floor(-0.5), math.ceil(5), math.sqrt(2))
print(math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), math.exp(1), math.pow(2, 0.5))
print(math.pi, math.e, math.inf, math.isnan(math.nan), math.gcd(12, -18), math.gcd(), math.fabs(-1))
print(math.sin(1), math.cos(1), math.atan(1), math.fmod(7, 3), math.isfinite(1), math.isinf(math.inf))
for wrong in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.exp(1000), lambda: math.floor(math.nan)):
    try:
        print(wrong())
    except (ValueError, OverflowError) as e:
        print(type(e).__name__, e)
