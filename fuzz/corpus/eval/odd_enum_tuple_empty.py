import enum
class A(tuple,enum.Enum):
  x=()
