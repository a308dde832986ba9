"""PDF documents: ordered in the database, rendered by a worker in a closed process, served by a token."""
