from typing import Optional

from sqlalchemy import Column, ForeignKeyConstraint, Integer
from sqlmodel import Field, SQLModel


class Employee(SQLModel, table=True):
    __table_args__ = (
        ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_employee_department", use_alter=True
        ),
    )
    id: Optional[int] = Field(default=None, primary_key=True)
    department_id: int


class Department(SQLModel, table=True):
    __table_args__ = (
        ForeignKeyConstraint(
            ["head_id"], ["employee.id"], name="fk_department_head", use_alter=True
        ),
    )
    id: Optional[int] = Field(default=None, primary_key=True)
    head_id: Optional[int] = None
