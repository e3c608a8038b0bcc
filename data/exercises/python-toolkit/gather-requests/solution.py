import asyncio


async def fetch_all(fetch, urls, limit):
    """Return the answers in the order of `urls`; None where the connection failed."""
    places = asyncio.Semaphore(limit)

    async def fetch_one(url):
        async with places:
            try:
                return await fetch(url)
            except ConnectionError:
                return None

    return await asyncio.gather(*(fetch_one(url) for url in urls))
