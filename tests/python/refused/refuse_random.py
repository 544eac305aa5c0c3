import uuid
def make():
    return uuid.uuid4()
x = make()
