import asyncio


async def fetch_all(fetch, urls, limit):
    semaphore = asyncio.Semaphore(limit)

    async def fetch_one(url):
        async with semaphore:
            try:
                return await fetch(url)
            except ConnectionError:
                return None

    results = []
    for finished in asyncio.as_completed([fetch_one(url) for url in urls]):
        results.append(await finished)
    return results
