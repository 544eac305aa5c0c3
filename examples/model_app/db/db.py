"""The tables of the application."""

from datetime import datetime
from enum import Enum
from typing import List, Optional

from sqlalchemy import Column, DateTime, Index, text
from sqlmodel import Field, Relationship, SQLModel

from db.vector import Vector


class DocumentStatus(str, Enum):
    draft = "draft"
    published = "published"
    archived = "archived"


class User(SQLModel, table=True):
    __table_args__ = (Index("ix_user_email_lower", text("lower(email)")),)

    id: Optional[int] = Field(default=None, primary_key=True)
    username: str = Field(max_length=50, unique=True, index=True)
    email: str = Field(max_length=255)
    full_name: Optional[str] = None
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    created_at: datetime = Field(
        sa_column=Column(DateTime(timezone=True), server_default=text("now()"), nullable=False)
    )

    documents: List["Document"] = Relationship(back_populates="owner")


class Scope(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    description: Optional[str] = Field(default=None, max_length=500)


class Document(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    body: Optional[str] = None
    status: DocumentStatus = Field(
        default=DocumentStatus.draft, sa_column_kwargs={"server_default": text("'draft'")}
    )
    owner_id: int = Field(foreign_key="user.id", index=True)
    scope_id: Optional[int] = Field(default=None, foreign_key="scope.id")
    embedding: Optional[List[float]] = Field(default=None, sa_column=Column(Vector(768)))

    owner: Optional[User] = Relationship(back_populates="documents")
