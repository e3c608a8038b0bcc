async def fetch_all(fetch, urls, limit):
    results = []
    for url in urls:
        try:
            results.append(fetch(url))
        except ConnectionError:
            results.append(None)
    return results
