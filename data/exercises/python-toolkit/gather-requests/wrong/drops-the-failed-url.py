import asyncio


async def fetch_all(fetch, urls, limit):
    semaphore = asyncio.Semaphore(limit)

    async def fetch_one(url):
        async with semaphore:
            try:
                return await fetch(url)
            except ConnectionError:
                print("no connection:", url)

    results = await asyncio.gather(*[fetch_one(url) for url in urls])
    return [result for result in results if result is not None]
