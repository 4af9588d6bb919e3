"""Handlers of a match."""

from service.matching.api import MatchApi
from service.matching.joint.controllers import JOINT_HANDLERS
from service.matching.match_controllers import Matches
from service.matching.phone_controllers import PhoneCalls

MATCHING_HANDLERS = [Matches, PhoneCalls, MatchApi, *JOINT_HANDLERS]
