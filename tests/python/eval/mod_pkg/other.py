from .sub import value as v
from . import counter
relative = v + counter
