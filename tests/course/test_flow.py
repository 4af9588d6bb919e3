"""The table of a case's steps: what there is from where, who may take it, and what is said to be missing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.accounts.roles import COORDINATOR, REFERRER, SECRETARIAT, TEAM
from service.cases.course.flow import LABELS, NINE, OVER, PLACE, STEPS, CaseStep, Status, missing_for, steps_from
from service.cases.course.guards import CaseFacts

TODAY = date(2026, 11, 24)
READY = CaseFacts(
    today=TODAY, is_acknowledged=True, meets_criteria=True, has_service_consent=True, has_plan_consent=True, has_goal=True,
    has_tasks=True, lead_agency="社協", decision_by_juso=True, municipal_attended=True,
    review_on=TODAY + timedelta(days=30), reason="declined", note="転居先の包括が見ていく",
)  # fmt: skip
DECISION = {"agree": "approve", "redraft": "revise", "replan": "replan", "suspend": "suspend"}


def step(key: str) -> CaseStep:
    return next(each for each in STEPS if each.key == key)


def codes(key: str, **changes: object) -> set[str]:
    """What is missing for a step when everything else is there."""
    facts = replace(READY, **{"decision": DECISION.get(key, ""), **changes})  # type: ignore[arg-type]
    return {missing.code for missing in missing_for(step(key), facts)}


def test_every_status_has_a_name_and_a_place_among_the_nine() -> None:
    assert set(LABELS) == set(PLACE) == set(Status)
    assert set(PLACE.values()) == set(range(len(NINE)))


def test_every_step_can_be_taken_when_everything_is_there() -> None:
    assert {each.key: codes(each.key) for each in STEPS} == {each.key: set() for each in STEPS}


def test_nothing_goes_on_from_where_a_case_is_over() -> None:
    assert not [each.key for status in OVER for each in steps_from(status)]


def test_the_way_without_consent_leads_to_an_application_or_out_and_to_no_plan() -> None:
    leads = {each.after for each in steps_from(Status.NO_CONSENT)}
    assert leads == {Status.NO_CONSENT, Status.APPLIED, Status.SUSPENDED, Status.CLOSED}


@pytest.mark.parametrize(
    ("key", "changes", "code"),
    [
        ("screen", {"is_acknowledged": False}, "acknowledged"),
        ("accept", {"meets_criteria": False}, "criteria"),
        ("return", {"reason": "", "note": " "}, "reason"),
        ("no_consent", {"reason": "", "note": ""}, "reason"),
        ("no_consent", {"review_on": None}, "review"),
        ("no_consent", {"review_on": TODAY}, "review"),
        ("no_consent", {"review_on": TODAY + timedelta(days=61)}, "review"),
        ("review_without", {"review_on": None}, "review"),
        ("stop_without", {"reason": ""}, "reason"),
        ("stop_without", {"note": " "}, "note"),
        ("stop_without", {"review_on": TODAY + timedelta(days=61)}, "review"),
        ("end_without", {"reason": ""}, "reason"),
        ("end_without", {"note": ""}, "note"),
        ("apply", {"has_service_consent": False}, "consent"),
        ("apply", {"is_minor": True}, "guardian"),
        ("plan", {"core_left": 3}, "assessment"),
        ("submit", {"has_goal": False}, "goal"),
        ("submit", {"has_tasks": False}, "tasks"),
        ("submit", {"tasks_without_agency": 1}, "roles"),
        ("submit", {"lead_agency": " "}, "lead"),
        ("agree", {"decision": "revise"}, "decision"),
        ("agree", {"decision_by_juso": False}, "decision"),
        ("agree", {"municipal_attended": False}, "municipal"),
        ("start", {"has_plan_consent": False}, "plan-consent"),
        ("replan", {"has_plan_consent": False}, "plan-consent"),
        ("suspend", {"decision": "approve"}, "decision"),
        ("suspend", {"reason": "", "note": ""}, "reason"),
    ],
)
def test_a_step_says_what_is_missing(key: str, changes: dict[str, object], code: str) -> None:
    assert codes(key, **changes) == {code}


def test_an_override_stands_in_for_the_criteria_and_a_guardian_for_a_minor() -> None:
    assert not codes("accept", meets_criteria=False, has_override=True)
    assert not codes("apply", is_minor=True, has_guardian=True)


def test_everything_missing_is_said_at_once() -> None:
    assert codes("submit", has_goal=False, has_tasks=False, lead_agency="", has_service_consent=False) == {
        "goal", "tasks", "lead", "consent",
    }  # fmt: skip


def test_the_last_day_of_a_review_is_sixty_days_off() -> None:
    assert not codes("no_consent", review_on=TODAY + timedelta(days=60))


def test_who_may_take_which_step() -> None:
    who = {each.key: each.who for each in STEPS}
    assert all(COORDINATOR in roles for roles in who.values())
    assert {key for key, roles in who.items() if SECRETARIAT in roles} == {
        "screen", "advise", "return", "accept", "review_without", "stop_without", "end_without", "agree", "redraft", "replan", "suspend", "resume",
    }  # fmt: skip
    assert {key for key, roles in who.items() if TEAM in roles} == {"no_consent", "review_without", "review"}
    assert not any(REFERRER in roles for roles in who.values())
