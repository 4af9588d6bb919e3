"""Forms: what was typed is kept, every error is said at once, and says what to do."""

from collections.abc import Mapping
from typing import Any

from litestar.params import MultipartBody, URLEncodedBody
from wtforms import Field
from wtforms import Form as BaseForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

FormBody = URLEncodedBody[dict[str, Any]]
UploadBody = MultipartBody[dict[str, Any]]


class Posted(dict[str, list[str]]):
    """A posted form as WTForms reads it: every name has a list, and no text holds a lone surrogate."""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Posted":
        """Take over what the framework parsed."""
        return cls({name: _texts(value) for name, value in data.items()})

    def getlist(self, name: str) -> list[str]:
        """Every value posted under a name."""
        return self.get(name, [])

    def text(self, name: str) -> str:
        """The one value posted under a name, or nothing."""
        return next(iter(self.get(name, [])), "")


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(v).encode("utf-8", "ignore").decode("utf-8").replace("\0", "") for v in values]


class Form(BaseForm):
    """A form in Japanese; unknown names in the request are never looked at."""

    class Meta:
        locales = ("ja",)


def said(field: Field) -> str:
    """What was typed into a field, without the spaces around it."""
    return (field.data or "").strip()


def choices_of(labels: Mapping[str, str]) -> list[SelectChoice]:
    """Choices as the form library takes them."""
    return [SelectChoice(key, label) for key, label in labels.items()]
