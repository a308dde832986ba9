"""Shape and syntax of answers, and of the questions themselves."""
