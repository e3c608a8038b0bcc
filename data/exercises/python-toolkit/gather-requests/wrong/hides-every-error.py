import asyncio


async def fetch_all(fetch, urls, limit):
    semaphore = asyncio.Semaphore(limit)

    async def fetch_one(url):
        async with semaphore:
            return await fetch(url)

    results = await asyncio.gather(*map(fetch_one, urls), return_exceptions=True)
    return [None if isinstance(result, Exception) else result for result in results]
