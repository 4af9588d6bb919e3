"""What a town starts with: the vocabulary, the geography, and the fictional 汐見市 to look around in."""
