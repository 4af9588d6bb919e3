"""The vocabulary: every condition a person may have and a place may offer, as rows of data."""

from service.kernel.dates import WEEKDAYS
from service.kernel.vocab.attribute import (
    AGE,
    GENDER,
    MAX_CHOICES,
    STAFF,
    Attribute,
    Choice,
    Kind,
    Section,
    Side,
    SideType,
    Strength,
    VocabularyError,
)
from service.kernel.vocab.loading import SEED_FOLDER, attribute_from_row, attribute_to_row, load_vocabulary
from service.kernel.vocab.values import check_value
from service.kernel.vocab.vocabulary import Vocabulary
from service.kernel.vocab.wording import (
    MODE_LABELS,
    Fields,
    say_days,
    say_need,
    say_value,
    say_windows,
)

__all__ = [
    "AGE",
    "GENDER",
    "MAX_CHOICES",
    "MODE_LABELS",
    "SEED_FOLDER",
    "STAFF",
    "WEEKDAYS",
    "Attribute",
    "Choice",
    "Fields",
    "Kind",
    "Section",
    "Side",
    "SideType",
    "Strength",
    "Vocabulary",
    "VocabularyError",
    "attribute_from_row",
    "attribute_to_row",
    "check_value",
    "load_vocabulary",
    "say_days",
    "say_need",
    "say_value",
    "say_windows",
]
