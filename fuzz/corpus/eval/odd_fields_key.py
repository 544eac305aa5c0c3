import dataclasses
class A: __dataclass_fields__={5:1}
dataclasses.asdict(A())
