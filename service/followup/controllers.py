"""Handlers of follow-up."""

from typing import Any

from service.followup.closing.controllers import CLOSING_HANDLERS
from service.followup.exchange.controllers import Exchange
from service.followup.feeds.controllers import Feeds, OwnCalendar
from service.followup.placements.controllers import HostWords, Placements
from service.followup.placements.controllers_ladder import LadderSettings
from service.followup.placements.controllers_person import PersonPlacements
from service.followup.planning.controllers import Days, Plans
from service.followup.planning.settings_controllers import PlannerSettings
from service.followup.planning.week_controllers import TeamDays, Unplanned, Weeks
from service.followup.rhythms.controllers import CalendarSettings, RhythmSettings
from service.followup.rhythms.course_controllers import CourseSteps
from service.followup.rhythms.holiday_controllers import HolidayCheck
from service.followup.sharing.consent_controllers import Consents
from service.followup.sharing.controllers import Shares
from service.followup.sharing.sounding_controllers import Soundings
from service.followup.tasks.agreeing_controllers import Agreeing
from service.followup.tasks.controllers import FollowUps
from service.followup.tasks.person_controllers import OwnTimes, PersonFollowUps
from service.followup.tasks.suggestion_controllers import Suggestions
from service.followup.visits.adjusting_controllers import Adjustments, PersonAdjustments
from service.followup.visits.controllers import Correcting, Histories, Recording
from service.followup.visits.offline_controllers import Offline

FOLLOWUP_HANDLERS: list[Any] = [
    Placements,
    HostWords,
    PersonPlacements,
    LadderSettings,
    Consents,
    Shares,
    Soundings,
    Exchange,
    OwnCalendar,
    Feeds,
    Agreeing,
    Plans,
    Days,
    Weeks,
    Unplanned,
    TeamDays,
    Offline,
    OwnTimes,
    PersonFollowUps,
    FollowUps,
    CourseSteps,
    RhythmSettings,
    CalendarSettings,
    HolidayCheck,
    PlannerSettings,
    Suggestions,
    Recording,
    Correcting,
    Histories,
    Adjustments,
    PersonAdjustments,
    *CLOSING_HANDLERS,
]
