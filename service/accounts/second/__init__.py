"""The second factor: six digits of an application on one's own telephone, besides the password."""
