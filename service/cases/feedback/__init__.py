"""What is owed to whoever handed a case over, and to those who could not come."""
