import time


def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key in cache:
            rows, stored_at = cache[key]
            if time.time() - stored_at < seconds:
                return list(rows)
        rows = run(sql, *parameters)
        cache[key] = (rows, time.time())
        return list(rows)

    return ask
