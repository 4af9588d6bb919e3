"""Every table of a town, gathered in one place for migrations and for setting up."""

from service.accounts import models as accounts
from service.cases import models as cases
from service.followup.placements import models as placements
from service.kernel import audit
from service.kernel.db import Base
from service.kernel.outbox import messages
from service.kernel.queue import jobs
from service.matching import models as matching
from service.matching.joint import models as joint
from service.resources import models as resources
from service.web import once

__all__ = ["Base", "accounts", "audit", "cases", "jobs", "joint", "matching", "messages", "once", "placements", "resources"]
