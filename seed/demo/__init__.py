"""The fictional 汐見市: `written/` is its manuscript, the JSON files are made from it by `python -m seed.make_demo`."""
