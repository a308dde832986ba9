"""Every write on questions and answers, by noun."""
