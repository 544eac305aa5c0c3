import dataclasses
@dataclasses.dataclass
class B:
  x:int=1
del B.__dataclass_fields__['x'].name
repr(B());B()
