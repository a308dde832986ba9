"""Worker and scheduler: the tasks that look at the ledgers."""
