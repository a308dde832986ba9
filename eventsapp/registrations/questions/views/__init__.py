"""Pages about questions and answers: the organisers’ editor, the personal page, the office’s."""
