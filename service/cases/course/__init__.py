"""The course of a case: its steps, what each asks for, and the dated log."""
