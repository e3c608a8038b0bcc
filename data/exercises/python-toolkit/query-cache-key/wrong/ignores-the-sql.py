def cached(run, seconds, now):
    cache = {}

    def ask(sql, *parameters):
        entry = cache.get(parameters)
        if entry is None or now() - entry["at"] >= seconds:
            entry = {"at": now(), "rows": run(sql, *parameters)}
            cache[parameters] = entry
        return list(entry["rows"])

    return ask
