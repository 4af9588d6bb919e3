"""What a host is shown of a person: built from what was agreed, looked up again at every reading, gone when withdrawn."""
