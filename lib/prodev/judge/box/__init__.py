"""The answer's side: the warm forker and its children. Nothing here knows an exercise."""
