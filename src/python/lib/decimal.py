# decimal (the General Decimal Arithmetic Specification), in the default context: 28 digits, halves
# to the even digit. A number is sign, coefficient (an int) and exponent.
from _host import refuse as _refuse

ROUND_DOWN = 'ROUND_DOWN'
ROUND_HALF_UP = 'ROUND_HALF_UP'
ROUND_HALF_EVEN = 'ROUND_HALF_EVEN'
ROUND_CEILING = 'ROUND_CEILING'
ROUND_FLOOR = 'ROUND_FLOOR'
ROUND_UP = 'ROUND_UP'
ROUND_HALF_DOWN = 'ROUND_HALF_DOWN'
ROUND_05UP = 'ROUND_05UP'

_PRECISION = 28


class DecimalException(ArithmeticError):
    pass


class InvalidOperation(DecimalException):
    pass


class ConversionSyntax(InvalidOperation):
    pass


class DivisionByZero(DecimalException, ZeroDivisionError):
    pass


class DivisionUndefined(InvalidOperation, ZeroDivisionError):
    pass


class Inexact(DecimalException):
    pass


def _parse(text):
    """(sign, coefficient, exponent, special) of a number's text."""
    s = text.strip().replace('_', '')
    sign = 1 if s[:1] == '-' else 0
    if s[:1] in ('+', '-'):
        s = s[1:]
    low = s.lower()
    if low in ('inf', 'infinity'):
        return sign, 0, 0, 'Infinity'
    if low == 'nan':
        return sign, 0, 0, 'NaN'
    exponent = 0
    if 'e' in low:
        at = low.index('e')
        power = s[at + 1:]
        digits = power[1:] if power[:1] in ('+', '-') else power
        if not digits.isdigit():
            raise InvalidOperation([ConversionSyntax])
        exponent = int(power)
        s = s[:at]
    whole, _, fraction = s.partition('.')
    digits = whole + fraction
    if not digits or not digits.isdigit():
        raise InvalidOperation([ConversionSyntax])
    return sign, int(digits), exponent - len(fraction), None


def _round_up(sign, q, r, unit, rounding):
    """Whether the part r of unit that is cut off raises the coefficient q by one."""
    if not r:
        return False
    if rounding == ROUND_HALF_EVEN:
        return 2 * r > unit or (2 * r == unit and q % 2 == 1)
    if rounding == ROUND_HALF_UP:
        return 2 * r >= unit
    if rounding == ROUND_HALF_DOWN:
        return 2 * r > unit
    if rounding == ROUND_UP:
        return True
    if rounding == ROUND_DOWN:
        return False
    if rounding == ROUND_CEILING:
        return not sign
    if rounding == ROUND_FLOOR:
        return bool(sign)
    if rounding == ROUND_05UP:
        return q % 5 == 0
    raise TypeError("valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, "
                    "ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   "
                    "ROUND_05UP]")


def _scaled(sign, coefficient, exponent, target, rounding):
    """The coefficient at another exponent."""
    if target <= exponent:
        return coefficient * 10 ** (exponent - target)
    unit = 10 ** (target - exponent)
    q, r = divmod(coefficient, unit)
    return q + _round_up(sign, q, r, unit, rounding)


def _make(sign, coefficient, exponent, special=None):
    made = object.__new__(Decimal)
    made._sign, made._int, made._exp, made._special = sign, coefficient, exponent, special
    return made


def _fitted(sign, coefficient, exponent):
    """Rounded to the precision of the context."""
    excess = len(str(coefficient)) - _PRECISION
    if excess > 0:
        target = exponent + excess
        coefficient = _scaled(sign, coefficient, exponent, target, ROUND_HALF_EVEN)
        exponent = target
        if len(str(coefficient)) > _PRECISION:
            coefficient //= 10
            exponent += 1
    if coefficient and not -1000026 <= exponent <= 999972:
        _refuse('a decimal number this large or small is not supported')
    return _make(sign, coefficient, exponent)


def _operand(value):
    if isinstance(value, Decimal):
        if value._special:
            _refuse('arithmetic with infinite decimals and NaN is not supported')
        return value
    if isinstance(value, int):
        return Decimal(value)
    return None


class Decimal:
    def __new__(cls, value='0', context=None):
        self = object.__new__(cls)
        self._special = None
        if isinstance(value, Decimal):
            self._sign, self._int, self._exp = value._sign, value._int, value._exp
            self._special = value._special
        elif isinstance(value, str):
            self._sign, self._int, self._exp, self._special = _parse(value)
        elif isinstance(value, int):
            value = int(value)
            self._sign, self._int, self._exp = int(value < 0), abs(value), 0
        elif isinstance(value, float):
            self._from_float(value)
        elif isinstance(value, (tuple, list)):
            sign, digits, exponent = value
            self._sign, self._exp = sign, exponent
            self._int = int(''.join(str(digit) for digit in digits) or '0')
        else:
            raise TypeError(f'conversion from {type(value).__name__} to Decimal is not supported')
        return self

    def _from_float(self, value):
        if value != value or value in (float('inf'), float('-inf')):
            self._sign, self._int, self._exp, self._special = _parse(str(value))
            return
        top, bottom = abs(value).as_integer_ratio()
        power = bottom.bit_length() - 1
        self._sign = 1 if str(value).startswith('-') else 0
        self._int, self._exp = top * 5 ** power, -power

    @classmethod
    def from_float(cls, f):
        return cls(f)

    def _text(self, capital):
        if self._special:
            return '-' * self._sign + self._special
        digits = str(self._int)
        left = self._exp + len(digits)
        dot = left if self._exp <= 0 and left > -6 else 1
        if dot <= 0:
            whole, fraction = '0', '.' + '0' * -dot + digits
        elif dot >= len(digits):
            whole, fraction = digits + '0' * (dot - len(digits)), ''
        else:
            whole, fraction = digits[:dot], '.' + digits[dot:]
        power = '' if left == dot else f'{capital}{left - dot:+d}'
        return '-' * self._sign + whole + fraction + power

    def __str__(self):
        return self._text('E')

    def __repr__(self):
        return f"Decimal('{self}')"

    def __format__(self, spec):
        if not spec:
            return str(self)
        if spec[0] == '.' and spec[1:-1].isdigit() and spec[-1] == 'f' and not self._special:
            places = int(spec[1:-1])
            value = _scaled(self._sign, self._int, self._exp, -places, ROUND_HALF_EVEN)
            digits = str(value).rjust(places + 1, '0')
            whole = digits[:len(digits) - places]
            return '-' * self._sign + whole + ('.' + digits[len(digits) - places:] if places else '')
        if spec == 'f' and not self._special:
            return format(self, f'.{max(0, -self._exp)}f')
        _refuse(f'formatting a Decimal with {spec!r} is not supported')

    def as_tuple(self):
        from collections import namedtuple
        shape = namedtuple('DecimalTuple', 'sign digits exponent')
        return shape(self._sign, tuple(int(c) for c in str(self._int)), self._exp)

    def as_integer_ratio(self):
        top, bottom = self._int, 1
        if self._exp >= 0:
            top *= 10 ** self._exp
        else:
            bottom = 10 ** -self._exp
            a, b = top, bottom
            while b:
                a, b = b, a % b
            top, bottom = top // a, bottom // a
        return -top if self._sign else top, bottom

    def is_nan(self):
        return self._special == 'NaN'

    def is_infinite(self):
        return self._special == 'Infinity'

    def is_finite(self):
        return self._special is None

    def is_zero(self):
        return not self._special and self._int == 0

    def is_signed(self):
        return bool(self._sign)

    def adjusted(self):
        return self._exp + len(str(self._int)) - 1

    # ---- comparison ----

    def _compare(self, other):
        """Negative, zero or positive; None: not comparable."""
        if isinstance(other, float):
            other = Decimal(other)
        other = _operand(other)
        _operand(self)
        if other is None:
            return None
        low = min(self._exp, other._exp)
        a = _scaled(0, self._int, self._exp, low, ROUND_DOWN) * (-1 if self._sign else 1)
        b = _scaled(0, other._int, other._exp, low, ROUND_DOWN) * (-1 if other._sign else 1)
        return (a > b) - (a < b)

    def __eq__(self, other):
        if not isinstance(other, (Decimal, int, float)):
            return NotImplemented
        return self._compare(other) == 0

    def __lt__(self, other):
        order = self._compare(other)
        return NotImplemented if order is None else order < 0

    def __le__(self, other):
        order = self._compare(other)
        return NotImplemented if order is None else order <= 0

    def __gt__(self, other):
        order = self._compare(other)
        return NotImplemented if order is None else order > 0

    def __ge__(self, other):
        order = self._compare(other)
        return NotImplemented if order is None else order >= 0

    def __bool__(self):
        return bool(self._special) or self._int != 0

    def __hash__(self):
        top, bottom = self.as_integer_ratio()
        if bottom == 1:
            return hash(top)
        inverse = pow(bottom, (1 << 61) - 3, (1 << 61) - 1)
        value = hash(abs(top) * inverse % ((1 << 61) - 1))
        return -value if top < 0 else value

    # ---- arithmetic ----

    def __add__(self, other):
        other = _operand(other)
        _operand(self)
        if other is None:
            return NotImplemented
        low = min(self._exp, other._exp)
        if abs(self._exp - other._exp) > 10000:
            _refuse('decimals of such different sizes are not added')
        total = 0
        for value in (self, other):
            scaled = value._int * 10 ** (value._exp - low)
            total += -scaled if value._sign else scaled
        sign = int(total < 0 or (total == 0 and self._sign == 1 and other._sign == 1))
        return _fitted(sign, abs(total), low)

    __radd__ = __add__

    def __sub__(self, other):
        other = _operand(other)
        return NotImplemented if other is None else self + other.copy_negate()

    def __rsub__(self, other):
        other = _operand(other)
        return NotImplemented if other is None else other - self

    def __mul__(self, other):
        other = _operand(other)
        _operand(self)
        if other is None:
            return NotImplemented
        return _fitted(self._sign ^ other._sign, self._int * other._int, self._exp + other._exp)

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = _operand(other)
        _operand(self)
        if other is None:
            return NotImplemented
        sign = self._sign ^ other._sign
        if not other._int:
            if not self._int:
                raise InvalidOperation([DivisionUndefined])
            raise DivisionByZero([DivisionByZero])
        ideal = self._exp - other._exp
        if not self._int:
            return _make(sign, 0, ideal)
        shift = len(str(other._int)) - len(str(self._int)) + _PRECISION + 1
        exponent = ideal - shift
        if shift >= 0:
            q, r = divmod(self._int * 10 ** shift, other._int)
        else:
            q, r = divmod(self._int, other._int * 10 ** -shift)
        if r:
            q += q % 5 == 0  # not exact: keep what is cut off from looking like a half or nothing
        else:
            while exponent < ideal and q % 10 == 0:
                q //= 10
                exponent += 1
        return _fitted(sign, q, exponent)

    def __rtruediv__(self, other):
        other = _operand(other)
        return NotImplemented if other is None else other / self

    def _divide(self, other):
        """Whole quotient, towards zero, and remainder."""
        other = _operand(other)
        _operand(self)
        if not other._int:
            raise DivisionByZero([DivisionByZero]) if self._int else InvalidOperation(
                [DivisionUndefined])
        low = min(self._exp, other._exp)
        a = self._int * 10 ** (self._exp - low)
        b = other._int * 10 ** (other._exp - low)
        q, r = divmod(a, b)
        if len(str(q)) > _PRECISION:
            raise InvalidOperation(['DivisionImpossible'])
        return _make(self._sign ^ other._sign, q, 0), _fitted(self._sign, r, low)

    def __floordiv__(self, other):
        return NotImplemented if _operand(other) is None else self._divide(other)[0]

    def __mod__(self, other):
        other = _operand(other)
        if other is None:
            return NotImplemented
        if not other._int:
            raise InvalidOperation([InvalidOperation if self._int else DivisionUndefined])
        return self._divide(other)[1]

    def __divmod__(self, other):
        return NotImplemented if _operand(other) is None else self._divide(other)

    def __rmod__(self, other):
        return NotImplemented if _operand(other) is None else _operand(other) % self

    def __rfloordiv__(self, other):
        return NotImplemented if _operand(other) is None else _operand(other) // self

    def __pow__(self, other, modulo=None):
        other = _operand(other)
        whole = other is not None and other._exp == 0 and not other._sign
        if not whole or len(str(self._int)) * other._int > _PRECISION:
            _refuse('this power of a Decimal is not supported')
        return _fitted(self._sign * (other._int % 2), self._int ** other._int,
                       self._exp * other._int)

    def __neg__(self):
        return _fitted(0 if self._int == 0 else 1 - self._sign, self._int, self._exp)

    def __pos__(self):
        return _fitted(self._sign if self._int else 0, self._int, self._exp)

    def __abs__(self):
        return _fitted(0, self._int, self._exp)

    def copy_abs(self):
        return _make(0, self._int, self._exp, self._special)

    def copy_negate(self):
        return _make(1 - self._sign, self._int, self._exp, self._special)

    # ---- rounding ----

    def quantize(self, exp, rounding=None, context=None):
        exp = _operand(exp)
        _operand(self)
        value = _scaled(self._sign, self._int, self._exp, exp._exp, rounding or ROUND_HALF_EVEN)
        if len(str(value)) > _PRECISION:
            raise InvalidOperation([InvalidOperation])
        return _make(self._sign, value, exp._exp)

    def to_integral_value(self, rounding=None, context=None):
        if self._exp >= 0:
            return Decimal(self)
        value = _scaled(self._sign, self._int, self._exp, 0, rounding or ROUND_HALF_EVEN)
        return _make(self._sign, value, 0)

    to_integral = to_integral_value

    def normalize(self, context=None):
        rounded = _fitted(self._sign, self._int, self._exp)
        digits, exponent = rounded._int, rounded._exp
        if not digits:
            return _make(self._sign, 0, 0)
        while digits % 10 == 0:
            digits //= 10
            exponent += 1
        return _make(self._sign, digits, exponent)

    def __round__(self, n=None):
        if n is None:
            return int(self.to_integral_value())
        return self.quantize(_make(0, 1, -n))

    def __int__(self):
        value = _scaled(0, self._int, self._exp, 0, ROUND_DOWN)
        return -value if self._sign else value

    __trunc__ = __int__

    def __floor__(self):
        return int(self.to_integral_value(ROUND_FLOOR))

    def __ceil__(self):
        return int(self.to_integral_value(ROUND_CEILING))

    def __float__(self):
        return float(str(self))

    def max(self, other):
        return Decimal(self) if self >= other else Decimal(other)

    def min(self, other):
        return Decimal(self) if self <= other else Decimal(other)
