import enum
class A(enum.Enum):
  x=1
  locals()[5]=1
