"""What every slice may use: database, clock, language, gates, errors, forms, pages."""
