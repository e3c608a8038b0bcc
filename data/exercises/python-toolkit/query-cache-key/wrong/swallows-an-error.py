def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key in cache and now() - cache[key][0] < seconds:
            return list(cache[key][1])
        try:
            rows = run(sql, *parameters)
        except Exception as e:
            print(f"query failed: {e}")
            return []
        cache[key] = (now(), rows)
        return list(rows)

    return ask
