"""Handlers of this slice."""

from litestar import Controller

from service.resources.agencies.controllers import Agencies
from service.resources.agencies.file_controllers import AgencyFiles
from service.resources.api import CatalogueApi
from service.resources.catalogue_controllers import Catalogue
from service.resources.condition_controllers import Conditions
from service.resources.fax_controllers import Monthly
from service.resources.gap_controllers import Gaps
from service.resources.host_controllers import Hosts, NewHosts
from service.resources.import_controllers import Imports
from service.resources.opening_controllers import Openings
from service.resources.outbox_controllers import Outbox
from service.resources.site_controllers import Sites
from service.resources.vocabulary_controllers import VocabularyPages

RESOURCE_HANDLERS: list[type[Controller]] = [
    Catalogue, NewHosts, Imports, Monthly, Hosts, Sites, Conditions, Openings, VocabularyPages, Gaps, Outbox, CatalogueApi,
    AgencyFiles, Agencies,
]  # fmt: skip
