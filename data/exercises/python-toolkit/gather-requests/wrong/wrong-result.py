import asyncio


async def fetch_all(fetch, urls, limit):
    semaphore = asyncio.Semaphore(limit)
    results = {}

    async def fetch_one(url):
        async with semaphore:
            try:
                results[url] = await fetch(url)
            except ConnectionError:
                results[url] = None

    await asyncio.gather(*[fetch_one(url) for url in urls])
    return results
