import asyncio


async def fetch_all(fetch, urls, limit):
    semaphore = asyncio.Semaphore(limit)

    async def fetch_one(url):
        async with semaphore:
            for _ in range(3):
                try:
                    return await fetch(url)
                except ConnectionError:
                    await asyncio.sleep(1)
            return None

    return await asyncio.gather(*[fetch_one(url) for url in urls])
