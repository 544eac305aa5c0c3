import enum
class A(enum.Enum):
  _generate_next_value_=5
  x=enum.auto()
