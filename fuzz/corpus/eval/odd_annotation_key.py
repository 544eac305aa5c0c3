import dataclasses
@dataclasses.dataclass
class B:
  __annotations__={5:6}
B()
