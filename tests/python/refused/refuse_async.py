async def numbers():
    yield 1
for n in (1, 2):
    numbers()
