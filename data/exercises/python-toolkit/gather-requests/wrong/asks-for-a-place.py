import asyncio


async def fetch_all(fetch, urls, limit):
    open_now = 0

    async def one(url):
        nonlocal open_now
        while open_now >= limit:
            await asyncio.sleep(0)
        open_now += 1
        try:
            return await fetch(url)
        except ConnectionError:
            return None
        finally:
            open_now -= 1

    return await asyncio.gather(*map(one, urls))
