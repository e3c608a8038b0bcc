"""What is kept about a learner: the name, and the folder of their own notebooks."""
