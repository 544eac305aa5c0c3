import enum
class A(enum.Enum):
  locals()[5]=1
  x=enum.auto()
