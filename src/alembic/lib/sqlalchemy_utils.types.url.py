# sqlalchemy_utils.types.url: text.
from sqlalchemy import TypeDecorator, UnicodeText


class URLType(TypeDecorator):
    impl = UnicodeText
    cache_ok = True
