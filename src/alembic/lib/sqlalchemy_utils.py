# sqlalchemy_utils: the types whose columns need no more than SQLAlchemy.
from sqlalchemy_utils import types
from sqlalchemy_utils.types import EmailType, URLType, UUIDType
