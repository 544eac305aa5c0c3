# sqlalchemy_utils.types.email: text of 255 characters, unless another length is given.
from sqlalchemy import TypeDecorator, Unicode


class EmailType(TypeDecorator):
    impl = Unicode
    cache_ok = True

    def __init__(self, length=255, *args, **kwargs):
        super().__init__(length=length, *args, **kwargs)
