import dataclasses
class A: __dataclass_fields__={'a':1}
@dataclasses.dataclass
class B(A): x:int=1
repr(B());B()==B();dataclasses.replace(B(),x=2)
