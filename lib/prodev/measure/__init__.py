"""Before and after: samples, percentiles with an interval, and an evidence record."""
