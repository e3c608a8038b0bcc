def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        if sql in cache:
            stored_at, rows = cache[sql]
            if now() - stored_at < seconds:
                return list(rows)
        rows = run(sql, *parameters)
        cache[sql] = (now(), rows)
        return list(rows)

    return ask
