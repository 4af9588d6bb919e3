"""Handlers of the hosts' face; a face can be built from these and the sign-in alone."""

from typing import Any

from service.host_face.card_controllers import Card
from service.host_face.home_controllers import Home, People
from service.host_face.link_controllers import Links
from service.host_face.opening_controllers import Openings
from service.host_face.sounding_controllers import Soundings
from service.host_face.staff_controllers import Staff
from service.host_face.visits import Visits

HOST_HANDLERS: list[Any] = [Home, People, Openings, Soundings, Visits, Card, Staff, Links]
