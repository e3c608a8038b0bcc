import asyncio


async def fetch_all(fetch, urls, limit):
    semaphore = asyncio.Semaphore(limit)

    async def fetch_one(url):
        await semaphore.acquire()
        try:
            result = await fetch(url)
            semaphore.release()
            return result
        except ConnectionError:
            return None

    return await asyncio.gather(*[fetch_one(url) for url in urls])
