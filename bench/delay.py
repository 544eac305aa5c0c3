#!/usr/bin/env python3
"""A network between two Unix sockets: delay.py LISTEN TARGET MILLISECONDS.

What arrives at LISTEN comes out at TARGET half of MILLISECONDS later, and back the same, so that a
round trip takes MILLISECONDS longer. Nothing is held back behind what came before: as on a real
line, much can be under way at once.
"""
import asyncio
import sys


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue = asyncio.Queue()

    async def deliver() -> None:
        while True:
            when, data = await under_way.get()
            await asyncio.sleep(max(0.0, when - loop.time()))
            if not data:
                break
            writer.write(data)
        writer.close()

    delivery = asyncio.create_task(deliver())
    try:
        while data := await reader.read(1 << 16):
            under_way.put_nowait((loop.time() + delay, data))
    except ConnectionError:
        pass
    under_way.put_nowait((loop.time() + delay, b""))
    await delivery


async def main() -> None:
    listen, target, milliseconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    one_way = milliseconds / 2000

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_unix_connection(target)
        await asyncio.gather(carry(reader, there_writer, one_way),
                             carry(there_reader, writer, one_way), return_exceptions=True)

    server = await asyncio.start_unix_server(connected, listen)
    async with server:
        await server.serve_forever()


asyncio.run(main())
