"""Papers beside a sheet: laid there by whoever sent it, read by them and by whoever may read the sheet."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from service.accounts.roles import READ_PROCESS, REFER
from service.cases.referrals.attaching import MEDIA, attach_file, file_of
from service.cases.referrals.inbox import sheet_in_hand
from service.cases.referrals.own_controllers import own_page, own_sheet
from service.cases.referrals.sent import Typed
from service.kernel.audit import attempt, note
from service.kernel.errors import DomainError
from service.resources.catalogue_controllers import attachment
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import Posted, UploadBody
from service.web.params import FromPath, known_id


class OwnFiles(Controller):
    """What a つなぎ元 lays beside their own sheet."""

    path = "/refer/{own_referral_id:str}/files"

    @post(perm=REFER, sync_to_thread=True)
    def add(self, call: NamedDependency[Call], own_referral_id: FromPath[str], data: UploadBody) -> Response[Any]:
        """One more."""
        posted = Posted.read({name: value for name, value in data.items() if not isinstance(value, UploadFile)})
        row, case = own_sheet(call, own_referral_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            with attempt(call.session):
                attach_file(call.session, call.actor, row, data.get("file"), call.now)
        except DomainError as refusal:
            return own_page(call, row, case, Typed(problem=str(refusal)), refusal.status)
        return done(call.session, call.actor, posted, call.now, f"/refer/{row.id}", "file-sent")

    @get("/{own_file_id:str}", perm=REFER, sync_to_thread=True)
    def read(
        self, call: NamedDependency[Call], own_referral_id: FromPath[str], own_file_id: FromPath[str]
    ) -> Response[bytes]:
        """Their own paper back."""
        row, _ = own_sheet(call, own_referral_id)
        return _download(call, row.id, own_file_id)


class SheetFiles(Controller):
    """The same for the office."""

    path = "/referrals/{referral_id:str}/files"

    @get("/{file_id:str}", perm=READ_PROCESS, sync_to_thread=True)
    def read(self, call: NamedDependency[Call], referral_id: FromPath[str], file_id: FromPath[str]) -> Response[bytes]:
        """A paper beside a sheet in hand."""
        found = sheet_in_hand(call.session, call.town, call.actor, known_id(referral_id))
        return _download(call, found.referral.id, file_id)


def _download(call: Call, referral_id: str, file_id: str) -> Response[bytes]:
    """Saved rather than shown: what somebody sent in never runs as a page of ours."""
    row = file_of(call.session, referral_id, known_id(file_id))
    note(call.session, "export", "referral_file", row.id)
    return attachment(row.content, row.name, MEDIA[row.kind])
