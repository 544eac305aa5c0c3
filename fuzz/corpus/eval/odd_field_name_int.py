import dataclasses
@dataclasses.dataclass
class B:
  x:int=1
B.__dataclass_fields__['x'].name=5
repr(B());B()
