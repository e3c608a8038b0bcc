import asyncio


async def fetch_all(fetch, urls, limit):
    queue = asyncio.Queue()
    for item in enumerate(urls):
        queue.put_nowait(item)
    answers = {}

    async def worker():
        while not queue.empty():
            place, url = queue.get_nowait()
            try:
                answers[place] = await fetch(url)
            except OSError as error:
                if not isinstance(error, ConnectionError):
                    raise
                answers[place] = None

    workers = [asyncio.create_task(worker()) for _ in range(min(limit, len(urls)))]
    for task in workers:
        await task
    return [answers[place] for place in range(len(urls))]
