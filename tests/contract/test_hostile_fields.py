"""Every column that holds a text is either filled with hostile texts or named as one nobody can type into."""

from tests.browser.hostile_fields import CHOSEN, FREE, NOT_A_FIELD, models, unsorted_columns


def test_no_column_with_a_text_is_left_out() -> None:
    assert unsorted_columns() == set()


def test_no_column_is_both_typed_and_chosen() -> None:
    assert [table for table in FREE if set(FREE[table].split()) & set(CHOSEN.get(table, "").split())] == []


def test_tables_without_a_field_are_tables_and_each_says_why() -> None:
    assert NOT_A_FIELD.keys() <= models().keys()
    assert all(NOT_A_FIELD.values())
    assert NOT_A_FIELD.keys() & (FREE.keys() | CHOSEN.keys()) == set()
