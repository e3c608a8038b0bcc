import asyncio


async def fetch_all(fetch, urls, limit):
    semaphore = asyncio.Semaphore(limit)
    results = []
    for url in urls:
        async with semaphore:
            try:
                results.append(await fetch(url))
            except ConnectionError:
                results.append(None)
    return results
