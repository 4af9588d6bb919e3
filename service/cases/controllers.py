"""Handlers about people and their cases."""

from service.cases.assessment_controllers import Assessments
from service.cases.people_controllers import People

CASE_HANDLERS = [People, Assessments]
