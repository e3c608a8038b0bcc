"""Proof that an exercise is solvable, and that its check knows each mistake: for authors and CI."""
