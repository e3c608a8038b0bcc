import asyncio


async def fetch_all(fetch, urls, limit):
    async def fetch_one(url):
        # one semaphore for each request: everybody finds an empty room
        async with asyncio.Semaphore(limit):
            try:
                return await fetch(url)
            except ConnectionError:
                return None

    return await asyncio.gather(*[fetch_one(url) for url in urls])
