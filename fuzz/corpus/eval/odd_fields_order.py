import dataclasses
class A: __dataclass_fields__={5:6}
@dataclasses.dataclass(order=True,frozen=True)
class B(A): x:int=1
repr(B());B()==B();B()<B();hash(B())
