"""Questions and answers in the signed files, and a file as a whole: written, looked at, taken in."""
