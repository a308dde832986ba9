"""Tables that people send: CSV files and workbooks, read as texts."""
