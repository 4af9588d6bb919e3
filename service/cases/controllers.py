"""Handlers about people and their cases."""

from service.cases.assessment_controllers import Assessments
from service.cases.people_controllers import People
from service.cases.togetherness_controllers import Togetherness

CASE_HANDLERS = [People, Assessments, Togetherness]
