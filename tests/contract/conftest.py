"""The contract is tried on the furnished town of the security tests."""

from tests.security.conftest import house

__all__ = ["house"]
