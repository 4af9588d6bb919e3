"""重層的支援会議 and 支援会議: two kinds of meeting with rules of their own."""
