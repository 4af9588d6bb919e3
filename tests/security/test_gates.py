"""What consent changes: every route of a case in every state of consent; `gates.csv` is the table of what then differs.

A row is a route, a column a state of 佐倉's consent as 青木, who is assigned, meets it; a cell is the answer where it is another one than
`matrix.csv` tells of a case of one's own, `-` where it is the same. No row at all: consent changes nothing there.
"""

import csv
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.cases.models import Consent, Person, SupportCase
from tests.cast import NOW, TODAY
from tests.security.house import House, ask, kept_as_it_was
from tests.security.test_matrix import TABLE

Change = Callable[[Session, SupportCase, Person], None]
OWN = [row for row in TABLE if row["relation"] in ("own", "member")]
GATES = {
    (row["method"], row["path"]): row
    for row in csv.DictReader(Path(__file__).with_name("gates.csv").read_text("utf-8").splitlines())
}


def _answer(session: Session, person: Person, scope: str, state: str) -> None:
    session.add(Consent(person_id=person.id, scope=scope, state=state, decided_on=TODAY, recorded_at=NOW + timedelta(hours=1),
                        recorded_by="青木"))  # fmt: skip


def nobody_asked(session: Session, _: SupportCase, person: Person) -> None:
    for row in session.scalars(select(Consent).where(Consent.person_id == person.id)):
        session.delete(row)


def plan_agreed(session: Session, case: SupportCase, person: Person) -> None:
    _answer(session, person, "plan", "given")
    case.status = "supporting"


def taken_back(session: Session, _: SupportCase, person: Person) -> None:
    _answer(session, person, "service", "withdrawn")


def closed(_: Session, case: SupportCase, __: Person) -> None:
    case.status, case.closed_on = "closed", TODAY


STATES: Mapping[str, Change] = {
    "未同意": nobody_asked,
    "申込同意": lambda *_: None,
    "プラン同意": plan_agreed,
    "撤回": taken_back,
    "終結": closed,
}


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("state", STATES)
def test_consent_changes_what_the_table_says_and_nothing_else(house: House, state: str) -> None:
    visitors = {"member": house.world.visit("宮本"), "own": house.world.visit("青木")}
    with kept_as_it_was(house.world):
        with house.world.writing() as session:
            person = session.get_one(Person, house.ids["own"]["person_id"])
            case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
            STATES[state](session, case, person)
            case_id = case.id
        with house.world.behind() as database:
            # What changed behind its back is no newer version to the forms.
            database.execute(update(SupportCase).where(SupportCase.id == case_id).values(version=1))
        differing = {}
        for row in OWN:
            asked = row["method"], row["path"], row["relation"]
            with kept_as_it_was(house.world):
                status = ask(visitors[row["relation"]], house, *asked, follow_redirects=False).status_code
            if status != int(row["team" if row["relation"] == "member" else "coordinator"]):
                differing[asked[:2]] = str(status)
    assert differing == {route: row[state] for route, row in GATES.items() if row[state] != "-"}
