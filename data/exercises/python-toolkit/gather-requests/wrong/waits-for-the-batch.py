import asyncio


async def fetch_all(fetch, urls, limit):
    async def safe(url):
        try:
            return await fetch(url)
        except ConnectionError:
            return None

    results = []
    for start in range(0, len(urls), limit):
        batch = urls[start : start + limit]
        results.extend(await asyncio.gather(*[safe(url) for url in batch]))
    return results
