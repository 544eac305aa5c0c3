import enum
class A(enum.Enum):
  __new__=5
  x=1
