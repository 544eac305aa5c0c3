from decimal import Decimal as D, ROUND_DOWN, ROUND_HALF_UP, InvalidOperation

texts = ['0', '-0', '1', '-1.50', '123.456', '1E+3', '1E-10', '0.00', '.5', '9' * 30, '2.5', '1_000', 'inf']
for t in texts:
    print(repr(D(t)), str(D(t)), bool(D(t)))
pairs = [('1.1', '2.2'), ('1', '3'), ('-7.5', '2'), ('1E+10', '1E-10'), ('0.10', '0.3'), ('9' * 28, '1')]
for a, b in pairs:
    x, y = D(a), D(b)
    print(x + y, x - y, x * y, x / y, x // y, x % y, x == y, x < y, -x, abs(x), hash(x) == hash(D(a)))
print(D('2.675').quantize(D('0.01')), D('2.665').quantize(D('0.01')), D('2.5').quantize(D('1'), rounding=ROUND_HALF_UP))
print(D('-2.9').quantize(D(1), rounding=ROUND_DOWN), round(D('2.345'), 2), round(D('2.5')), int(D('-2.9')))
print(D(0.1), D(1.5), D(10), D((1, (1, 2, 3), -2)), D('1.0') == 1, D('0.5') == 0.5, 1 + D('0.5'), float(D('1.25')))
print(f"{D('1234.5678'):.2f}", D('100').normalize(), D('1.2300').normalize(), D('12.3').as_tuple()[:], sum([D('0.1')] * 3))
print(sorted([D('2'), D('1.5'), D('-1')]), max(D(1), D(2)), {D('1.0'): 'x'}[D('1')], hash(D('1')) == hash(1))
for wrong in (lambda: D('x'), lambda: D(1) / 0, lambda: D([1]), lambda: D('1') + 'a', lambda: D(1) + 0.5):
    try:
        print(wrong())
    except Exception as e:
        print(type(e).__name__)
