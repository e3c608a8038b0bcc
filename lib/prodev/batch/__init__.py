"""Run notebooks for a roster of learners: plan -> run -> ledger -> report."""
