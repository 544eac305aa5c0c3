import enum
class A(enum.StrEnum):
  x=()
