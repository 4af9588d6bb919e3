"""Every table of a town, gathered in one place for migrations and for setting up."""

from service.accounts import models as accounts
from service.accounts.second import models as second
from service.cases import glass
from service.cases import models as cases
from service.cases.course import models as course
from service.cases.feedback import models as feedback
from service.cases.plans import models as plans
from service.cases.referrals import models as referrals
from service.followup.closing import models as closing
from service.followup.feeds import models as feeds
from service.followup.placements import models as placements
from service.followup.planning import models as planning
from service.followup.tasks import models as tasks
from service.followup.visits import models as visits
from service.kernel import audit
from service.kernel.db import Base
from service.kernel.outbox import messages
from service.kernel.queue import jobs
from service.matching import models as matching
from service.matching.joint import models as joint
from service.meetings import models as meetings
from service.reports import models as reports
from service.resources import doors, files, policies
from service.resources import models as resources
from service.resources.agencies import models as agencies
from service.web import once

__all__ = [
    "Base",
    "accounts",
    "agencies",
    "audit",
    "cases",
    "closing",
    "course",
    "doors",
    "feedback",
    "feeds",
    "files",
    "glass",
    "jobs",
    "joint",
    "matching",
    "meetings",
    "messages",
    "once",
    "placements",
    "planning",
    "plans",
    "policies",
    "referrals",
    "reports",
    "resources",
    "second",
    "tasks",
    "visits",
]
