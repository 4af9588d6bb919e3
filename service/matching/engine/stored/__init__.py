"""A joint run as a file: read row by row, written so that it reads back the same."""
