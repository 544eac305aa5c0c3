# sqlalchemy_utils.types: each type in the module that a revision names.
from sqlalchemy_utils.types import email, url, uuid
from sqlalchemy_utils.types.email import EmailType
from sqlalchemy_utils.types.url import URLType
from sqlalchemy_utils.types.uuid import UUIDType
