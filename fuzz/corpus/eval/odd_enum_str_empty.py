import enum
class A(str,enum.Enum):
  x=()
