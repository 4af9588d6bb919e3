"""Handlers about people and their cases."""

from service.cases.assessment_controllers import Assessments
from service.cases.course.controllers import Course
from service.cases.feedback.controllers import FeedbackPages
from service.cases.papers.controllers import Papers
from service.cases.people_controllers import People
from service.cases.plans.controllers import Plans
from service.cases.referrals.advice_controllers import AdvicePages
from service.cases.referrals.controllers import Referrals
from service.cases.referrals.desk_controllers import OwnAdvice, OwnDesks
from service.cases.referrals.door_controllers import Doors
from service.cases.referrals.file_controllers import OwnFiles, SheetFiles
from service.cases.referrals.handing_controllers import Handing
from service.cases.referrals.own_controllers import OwnReferrals
from service.cases.togetherness_controllers import Togetherness

CASE_HANDLERS = [
    People,
    Assessments,
    Togetherness,
    Referrals,
    FeedbackPages,
    AdvicePages,
    Course,
    Plans,
    Papers,
    OwnReferrals,
    OwnFiles,
    SheetFiles,
    OwnDesks,
    OwnAdvice,
    Handing,
    Doors,
]
