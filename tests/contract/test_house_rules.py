"""Rules of the house that a reader would otherwise have to check by eye, found in the source itself."""

import ast
import importlib
import itertools
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import service

ROOT = Path(str(service.__file__)).parent
MODULES = {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8"))
           for file in sorted(ROOT.rglob("*.py")) if "migrations" not in file.parts}  # fmt: skip

PERSONAL = {"SupportCase", "Person", "Household", "Need", "Consent", "AvoidRule", "TravelTime", "StandIn", "MatchRun",
            "Placement", "FollowUp", "Attempt", "Visit", "Adjustment", "Suggestion", "AfterCare", "AvoidPair", "JointRun", "JointLine", "JointLeft",
            "Referral", "ReferralStep", "Screening", "AdviceRecord", "ProgressNote", "Plan", "Evaluation", "Feedback", "CaseMember"}  # fmt: skip
READS = {"select", "get", "get_one", "query", "select_from", "aliased", "join", "exists"}
# Who may read these tables, and why no case slips out by it.
MAY_READ = {
    ("cases/access.py", "visible_cases"): "the filter itself",
    ("keeping/doctor/data.py", "_led"): "case numbers, for whoever keeps the machine; no name",
    ("keeping/doctor/data.py", "_left_over"): "addresses of rows, for whoever keeps the machine; no name",
    ("keeping/doctor/data.py", "_without_consent"): "addresses of rows, for whoever keeps the machine; no name",
    ("cases/access.py", "read_person"): "narrows the filter",
    ("cases/access.py", "_covered"): "part of the filter",
    ("cases/access.py", "_left_alone"): "part of the filter",
    ("cases/access.py", "cases_in_process"): "the filter of the process: all but locked cases, for the secretariat",
    ("cases/access.py", "cases_of_member"): "the filter of whoever works on a case for another agency",
    ("team/members.py", "cases_for"): "narrows that filter",
    ("team/members.py", "end_member"): "a member of a case in hand",
    ("team/members.py", "may_be_shared"): "the consent to a case in hand",
    ("team/members.py", "members_of"): "the members of a case the filter has given",
    ("oversight/glass.py", "open_glass"): "finds a case by its number; it is read through the filter once it is open",
    ("oversight/glass.py", "open_now"): "numbers of what this supervisor holds open, which the filter gives",
    ("oversight/glass.py", "opened_of_mine"): "numbers of cases assigned to whoever asks",
    ("oversight/glass.py", "openings"): "numbers of cases that were opened, for auditors and those named on the case",
    ("oversight/glass.py", "stuck_out_of_sight"): "numbers of cases with something stuck, and no name of a person",
    ("oversight/log.py", "_of_locked"): "ids to narrow the log by, shown to nobody",
    ("oversight/log.py", "_of_number"): "ids to narrow the log by, shown to nobody",
    ("oversight/pseudonyms.py", "_by_way_of"): "the number of a case, and no name of a person",
    ("oversight/pseudonyms.py", "_current"): "the number of a case, and no name of a person",
    ("oversight/pseudonyms.py", "_ways_to_a_case"): "the number of a case, and no name of a person",
    ("oversight/pseudonyms.py", "looked_at_of"): "ids to narrow the log by, shown to nobody",
    ("cases/course/log.py", "entries_of"): "the log of a case the filter has given",
    ("cases/course/log.py", "last_decision"): "the log of a case the filter has given",
    ("cases/course/log.py", "_check"): "compares the entry's case with the one in hand",
    ("cases/course/moving.py", "facts_of"): "the consents of a case in hand",
    ("cases/course/moving.py", "_last_screening"): "the decision about a case in hand",
    ("cases/course/moving.py", "_is_acknowledged"): "a day of a case in hand",
    ("cases/course/moving.py", "_core_left"): "counts answers of a person in hand",
    ("cases/course/pages.py", "_sheets"): "the sheets of a case the filter has given",
    ("cases/caseloads.py", "duties_of_cases"): "narrows the filter; names of agencies for a count",
    ("cases/plans/drafting.py", "_next_seq"): "counts the versions of a case in hand",
    ("cases/plans/pages.py", "_needs"): "the needs of a person the filter has given",
    ("cases/plans/pages.py", "_evaluations"): "the evaluations of a plan the filter has given",
    ("cases/plans/paper.py", "evaluation_paper"): "the evaluation of a plan the filter has given",
    ("cases/plans/controllers.py", "_is_agreed"): "whether a person the filter has given agreed",
    ("cases/course/moving.py", "last_moves"): "the last steps of cases the filter has given",
    ("meetings/agenda.py", "_reviews"): "follow-ups of cases the filter has given, told by number",
    ("meetings/agenda.py", "_stuck"): "follow-ups of cases the filter has given, told by number",
    ("meetings/deciding.py", "_tell_the_case"): "the case of an item of a meeting in hand",
    ("meetings/pages.py", "_told"): "who hears of a meeting in hand; no person of a case",
    (
        "meetings/reminding.py",
        "tasks_for",
    ): "narrows the filter; a number of a case beside a task of a meeting somebody may see",
    ("meetings/inviting.py", "referrers_to_invite"): "who handed over the cases of a meeting in hand; no person of a case",
    ("meetings/reading.py", "has_consent"): "whether the person of an item in hand agreed",
    ("meetings/reading.py", "item_fact"): "what the rules ask about an item of a meeting in hand",
    ("meetings/reading.py", "names_of"): "narrows the filter",
    ("cases/plans/reading.py", "plans_of"): "the plans of a case the filter has given",
    ("cases/referrals/inbox.py", "_sheets"): "narrows the filter",
    ("cases/referrals/advice.py", "advice_since"): "what belongs to no case, or to one the filter has given",
    ("cases/referrals/asking.py", "asked_by"): "what somebody has asked themselves, with the answer they were given",
    ("cases/referrals/inbox.py", "steps_of"): "what was done about a sheet the filter has given",
    ("cases/referrals/inbox.py", "screenings_of"): "the decisions about a case the filter has given",
    (
        "cases/referrals/own_controllers.py",
        "_own",
    ): "the sheets somebody has sent themselves: states and what they were told",
    ("cases/referrals/doors.py", "sheet_of"): "the one sheet that was sent by a door in hand",
    ("cases/referrals/doors.py", "doors_handed_out"): "narrows the filter; of a sheet nobody may follow nothing is shown",
    ("cases/referrals/sent.py", "sent_view"): "what the sender of a sheet in hand was told",
    ("cases/referrals/receiving.py", "_taker"): "counts cases by coordinator; no id of a case, no name of a person",
    ("cases/feedback/owing.py", "owe_referrers"): "who handed over a case in hand",
    ("cases/feedback/owing.py", "settle_all"): "what is owed about a case in hand",
    ("cases/feedback/owing.py", "open_entries"): "narrows the filter",
    ("cases/feedback/owing.py", "waiting_to_hear"): "narrows the filter",
    ("cases/feedback/owing.py", "entry_in_hand"): "narrows the filter",
    ("cases/feedback/owing.py", "entries_of"): "what is owed about a case the filter has given",
    ("cases/access.py", "out_of_sight"): "counts whom the filter does not give; no id, no name",
    ("cases/access.py", "readable_people"): "narrows the filter",
    ("cases/papers/known.py", "sheet_of"): "the sheet of a case the filter has given",
    ("cases/papers/anonymous.py", "_everybody"): "age, district and troubles for a count; no id leaves it, no name",
    ("cases/people.py", "find_people"): "narrows the filter",
    ("cases/people.py", "load_person"): "takes a person the filter has given",
    ("cases/people.py", "next_number"): "counts, and shows nothing",
    ("cases/assessment.py", "history_of"): "takes the id of a person the filter has given",
    ("cases/avoidance.py", "remove_rule"): "compares the rule's person with the one the filter has given",
    ("cases/togetherness.py", "visible_names"): "narrows the filter",
    ("cases/togetherness.py", "apart_lines"): "the settings of a person the filter has given; others through visible_names",
    ("cases/togetherness.py", "keep_apart"): "compares with people the filter has given",
    ("cases/togetherness.py", "stop_keeping_apart"): "compares the pair with the person the filter has given",
    ("cases/access.py", "is_current"): "narrows the filter to the newest episode",
    ("cases/placements.py", "live_placements"): "ids and counts of who takes which place, whoever's case it is; no name",
    ("cases/placements.py", "people_with_need"): "counts who needs support where; no name",
    ("cases/placements.py", "avoid_pairs"): "ids of those who must not meet; who the other is, is shown to nobody",
    ("cases/placements.py", "lock_for_placing"): "locks rows and shows nothing",
    ("cases/placements.py", "everybody_in_touch"): "birth dates and needs for a count; no id, no name",
    ("cases/resting.py", "resting_pairs"): "ids and reasons of declined pairs, for people the filter has given",
    ("cases/resting.py", "reassessed"): "the placements of a person the filter has given; shows nothing",
    ("cases/ways.py", "placements_of"): "the placements of a person the filter has given",
    ("cases/sharing.py", "consents_of"): "consents of people somebody is about to be shown, to refuse what is not agreed",
    ("desk/health.py", "_used"): "ids of hosts; no person",
    ("followup/placements/answering.py", "ladder_of_question"): "the version of a ladder, and shows nothing",
    ("followup/placements/board.py", "_placements"): "narrows the filter to those on their way",
    ("followup/placements/pages_ladder.py", "_running"): "counts who is on the way, and shows nobody",
    ("followup/placements/pages_ladder.py", "_history"): "counts by version of the ladder, and shows nobody",
    ("followup/placements/gathering.py", "_person_of"): "whose it is, only to ask the filter about that person",
    ("followup/placements/gathering.py", "_placement"): "take_in_hand and look_at ask the filter before they hand it out",
    ("followup/placements/proposing.py", "_check"): "whether a person the filter has given is there already",
    ("followup/placements/seeing.py", "unseen_about"): "words of hosts about people the filter has given",
    (
        "followup/placements/seeing.py",
        "_concerned",
    ): "which coordinators have somebody at a host; no id, no name of a person",
    ("followup/placements/stalls.py", "ask_about_stalls"): "writes questions by id, and shows nobody",
    ("followup/placements/gathering.py", "cooling_until"): "a day of a host's rest, whoever's case it was",
    ("followup/placements/gathering.py", "_other_offers"): "counts offers of a person the filter has given",
    ("followup/tasks/agreeing.py", "visits_of_host"): "visits a host was asked about: days and hours, and nobody's name",
    ("followup/tasks/agreeing.py", "visit_at"): "one of them, of the host that asks",
    ("followup/rhythms/keeping.py", "keep_placement"): "writes the dates of a tie; shows nothing",
    ("followup/rhythms/keeping.py", "keep_case"): "writes the dates of a case; shows nothing",
    ("followup/rhythms/keeping.py", "keep_all"): "the night's step; shows nothing",
    ("followup/rhythms/keeping.py", "cancel_open"): "cancels by id; shows nothing",
    ("followup/rhythms/keeping.py", "_asked_of_case"): "whether the person agreed; shows nothing",
    ("followup/rhythms/keeping.py", "_after_care"): "the times agreed with a person whose dates are being written",
    ("followup/rhythms/ties.py", "case_of"): "the episode whose dates are being written; shows nothing",
    ("followup/rhythms/ties.py", "tie_of"): "what a tie's dates count from; shows nothing",
    ("cases/people.py", "earlier_episode"): "the number of the episode before a case the filter has given",
    ("followup/closing/checklist.py", "bonds_of"): "the placements of people the filter has given",
    ("followup/closing/keeping.py", "after_care_of"): "what was agreed with a person the filter has given",
    ("followup/closing/pages.py", "_answer"): "the consents of a person the filter has given",
    ("followup/closing/pages.py", "_known"): "the day of an evaluation of a case the filter has given",
    ("followup/closing/pages.py", "_care_view"): "what is planned for a person the filter has given",
    ("followup/closing/pages.py", "_earlier"): "the earlier episodes of a case the filter has given",
    ("followup/closing/pages_after.py", "_rows"): "narrows the filter",
    ("followup/closing/pages_after.py", "_contacts"): "follow-ups of people the filter has given",
    ("followup/closing/pages_after.py", "_last_answers"): "records of people the filter has given",
    ("followup/closing/pages_stability.py", "_sheet"): "what is arranged for a placement the filter has given",
    ("followup/closing/pages_stability.py", "_visits"): "records of a placement the filter has given",
    ("followup/tasks/reading.py", "visible_follow_ups"): "narrows the filter",
    ("followup/tasks/escalating.py", "escalate_due"): "the night's step; writes levels by id, and shows nothing",
    ("followup/tasks/trying.py", "note_attempt"): "whether a phone has sent this try already",
    ("followup/planning/hours.py", "_unseen"): "hours of visits the filter does not give; no id, no name, no place",
    ("followup/visits/adjusting.py", "list_adjustments"): "narrows the filter",
    ("followup/visits/adjusting.py", "places_to_arrange"): "the live ties of a person the filter has given",
    ("followup/visits/reading.py", "last_note"): "the last word about a follow-up the filter has given",
    ("followup/visits/reading.py", "last_notes"): "the same of several the filter has given",
    ("followup/visits/reading.py", "visits_of_person"): "records about a person the filter has given",
    ("followup/visits/reading.py", "visits_at_host"): "narrows the filter",
    ("followup/visits/reading.py", "read_visit"): "narrows the filter",
    ("followup/visits/recording.py", "kept_before"): "whether a phone has sent this record already",
    ("followup/visits/recording.py", "_earlier_record"): "the other record of a follow-up the filter has given",
    ("followup/visits/recording.py", "records_of"): "records of a follow-up the filter has given",
    ("followup/rhythms/previewing.py", "_standing"): "kinds and days before and after a trial; nobody is named",
    ("commands/simulate.py", "_morning"): "rows of the fictional town, in a database of their own",
    ("commands/simulate.py", "_figures"): "counts of the fictional town",
    ("followup/tasks/suggesting.py", "look"): "writes suggestions by id; shows nothing",
    ("followup/tasks/suggesting.py", "look_everywhere"): "the night's step; shows nothing",
    ("followup/tasks/suggesting.py", "open_suggestions"): "narrows the filter",
    ("followup/tasks/suggesting.py", "suggestion_in_hand"): "asks change_person before it hands the row out",
    ("followup/tasks/suggesting.py", "_ease"): "the next of a tie whose suggestion is in hand",
    ("followup/tasks/suggesting.py", "_insert"): "the case of a suggestion in hand",
    ("followup/tasks/suggesting.py", "_letters_only"): "the follow-ups of a person whose suggestion is in hand",
    ("followup/tasks/suggesting.py", "_seen"): "signs of a tie; shows nothing",
    ("followup/sharing/pages.py", "_hosts"): "hosts of a person the filter has given",
    ("followup/sharing/withdrawing.py", "_live"): "placements of a person the filter has given, each taken in hand again",
    ("host_face/agreed.py", "_placed"): "placements at the host that asks; each is shown by its consent in force alone",
    ("host_face/agreed.py", "_conditions"): "needs of people whose consent for this host names them",
    ("matching/joint/lines.py", "line_in_hand"): "asks change_person before it hands the line out",
    ("matching/joint/accepting.py", "take_back"): "the placement of a line that line_in_hand has given",
    ("matching/joint/declining.py", "override_counts"): "counts reasons, and shows nobody",
    ("matching/joint/recording.py", "_waiting_run"): "writes what the run found; shows nothing",
    ("matching/joint/running.py", "_gather_for"): "reads what was asked; people come through the filter of whoever asked",
    ("matching/joint/running.py", "proposed_by"): "ids of an earlier plan, kept only for people the filter gives again",
    ("matching/joint/service.py", "_visible_runs"): "runs of the team; lines are shown for people the filter gives",
    ("matching/joint/replaying.py", "kept_run"): "for commands on the server, which print ids and counts",
    ("matching/joint/pages_reading.py", "before_of"): "lines of an earlier run, shown for people the filter gives",
    ("commands/joint.py", "run_joint"): "prints counts of the run it has just asked for",
    (
        "reports/gathering.py",
        "_cases",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering.py",
        "_people",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering.py",
        "_sheets",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering.py",
        "_advice",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering.py",
        "_screenings",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering.py",
        "_answers",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering.py",
        "_moves",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering.py",
        "_plans",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering_places.py",
        "place_facts",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering_places.py",
        "ties",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering_town.py",
        "due_reports",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering_town.py",
        "due_follow_ups",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    (
        "reports/gathering_town.py",
        "openings",
    ): "days and keys for the figures, of every case; nobody is named and nothing leads back",
    ("commands/matching.py", "_find"): "finds an id; what is shown is read through the filter",
}
MAKES_MARK_UP = {
    "web/map.py",
    "web/map_ground.py",
    "resources/spots.py",
    "resources/pin_map.py",
    "followup/planning/team_map.py",
    "matching/candidate_map.py",
}
"""The drawings: SVG is put together from constants, and every value goes through Markup's own escaping."""


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """(module, function around it, call) for every call of the package."""
    for name, tree in MODULES.items():
        for around, node in walk(tree, ""):
            if isinstance(node, ast.Call):
                yield name, around, node


def walk(tree: ast.AST, around: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(tree):
        here = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else around
        yield here, child
        yield from walk(child, here)


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def names_in(nodes: list[ast.expr]) -> set[str]:
    return {name.id for node in nodes for name in ast.walk(node) if isinstance(name, ast.Name)}


def test_cases_and_people_are_read_through_the_access_filter_alone() -> None:
    found = {
        (module, around) for module, around, node in calls() if called(node) in READS and names_in(node.args) & PERSONAL
    }
    assert found == set(MAY_READ), "a new reader of cases belongs behind cases/access.py, or into the list with its reason"


def test_what_narrows_the_filter_begins_with_it() -> None:
    for module, around in (
        ("cases/access.py", "read_person"),
        ("cases/access.py", "readable_people"),
        ("cases/people.py", "find_people"),
    ):
        made = [node for name, here, node in calls() if (name, here) == (module, around) and called(node) == "visible_cases"]
        assert made, (module, around)


def test_no_statement_changes_rows_behind_the_audit_log() -> None:
    """Bulk UPDATE and DELETE pass by the events that write the log."""
    bulk = [
        (module, node.lineno)
        for module, _, node in calls()
        if isinstance(node.func, ast.Name) and called(node) in ("update", "delete")
    ]
    assert bulk == []
    rows_only = {module for module, _, node in calls() if isinstance(node.func, ast.Name) and called(node) == "insert"}
    assert rows_only <= {"kernel/audit.py"}


def test_no_statement_is_put_together_from_text() -> None:
    found = []
    for module, around, node in calls():
        runs = called(node) in ("execute", "scalars", "scalar", "exec_driver_sql", "executescript", "executemany")
        written = node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp | ast.Constant)
        if called(node) in ("text", "literal_column") and isinstance(node.func, ast.Name):
            found.append((module, around))
        if runs and written:
            found.append((module, around))
    # Constants of that module: the settings of a connection, and what a database is told when it is copied.
    copying = {("keeping/copying.py", name) for name in ("faults_of", "_vacuum", "_dump")}
    assert set(found) - copying == {("kernel/db.py", "_prepare")}


def test_only_the_clock_asks_what_time_it_is() -> None:
    asks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
    found = {module for module, _, node in calls() if ast.unparse(node.func) in asks}
    assert found == {"kernel/clock.py"}


def test_mark_up_is_made_of_constants_and_in_the_drawings_alone() -> None:
    made = [(module, node) for module, _, node in calls() if called(node) == "Markup"]
    assert {module for module, _ in made} <= MAKES_MARK_UP
    assert [
        (module, node.lineno) for module, node in made if not all(isinstance(arg, ast.Constant) for arg in node.args)
    ] == []


def test_no_template_lets_text_through_unescaped() -> None:
    for file in ROOT.rglob("*.html"):
        text = file.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup", text), file.name


def test_nothing_is_run_or_unpacked_that_came_from_outside() -> None:
    dangerous = {"eval", "exec", "compile", "system", "popen", "loads_pickle", "unserialize"}
    found = {(module, called(node)) for module, _, node in calls()
             if isinstance(node.func, ast.Name) and called(node) in dangerous}  # fmt: skip
    assert found == set()
    imported = {
        alias.name
        for tree in MODULES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert not imported & {"pickle", "marshal", "shelve", "yaml", "random"}
    # The reader of uploads runs our own module apart, with a memory limit; the page brings a worker along; copies of a
    # PostgreSQL are made by its own tools, and a rehearsal shows our own page.
    users = {module for module, tree in MODULES.items() for node in ast.walk(tree)
             if isinstance(node, ast.Import) and any(alias.name == "subprocess" for alias in node.names)}  # fmt: skip
    known = {"resources/interchange/workbook.py", "commands/companion.py", "keeping/copying.py", "commands/keeping.py"}
    assert users <= known


def test_nothing_is_asked_of_another_machine() -> None:
    imported = {(module, (alias.name if isinstance(node, ast.Import) else str(node.module)).split(".")[0])
                for module, tree in MODULES.items()
                for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in node.names}  # fmt: skip
    found = {(module, name) for module, name in imported
             if name in {"requests", "httpx", "aiohttp", "socket", "ftplib", "smtplib", "http"}}  # fmt: skip
    # Mail leaves where a town has named its own server, from a worker, and by nothing else; a rehearsal asks itself.
    rehearsal = {("commands/keeping.py", name) for name in ("socket", "http")}
    assert found - rehearsal == {("kernel/outbox/mailing.py", "smtplib")}


# Patterns


def patterns() -> list[re.Pattern[str]]:
    """Every pattern the package compiles when it is imported, or writes down in a call."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages([str(ROOT)], "service."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            for value in vars(importlib.import_module(module.name)).values():
                for each in (
                    value if isinstance(value, tuple | list) else value.values() if isinstance(value, dict) else [value]
                ):
                    if isinstance(each, re.Pattern) and isinstance(each.pattern, str):
                        found[each.pattern] = each
    for _, _, node in calls():
        if ast.unparse(node.func) in (
            "re.compile",
            "re.sub",
            "re.match",
            "re.search",
            "re.fullmatch",
            "re.split",
            "re.findall",
        ):
            with_text = isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
            if with_text:
                found.setdefault(node.args[0].value, re.compile(node.args[0].value))
    return [found[pattern] for pattern in sorted(found)]


PATTERNS = patterns()
LENGTHS = (*range(16, 50, 2), 2_000, 5_000)
"""A pattern that explodes does so on a few dozen letters already, and there the test ends."""
SECONDS = 0.5
"""Far above what a harmless pattern needs for the longest text, far below what one that explodes takes."""


def hostile_texts(pattern: str, length: int) -> Iterator[str]:
    """Long runs of what the pattern likes to repeat, each with an end that spoils the match."""
    in_it = [c for c in pattern if c.isalnum() or ord(c) > 127][:8]
    liked = list(dict.fromkeys([*in_it, "1", " ", "a", "あ", "\n", "、"]))
    for one in liked:
        yield one * length
        yield one * length + "\0"
    for one, other in itertools.pairwise(liked):
        yield (one + other) * (length // 2) + "\0"


def longest_try(pattern: re.Pattern[str]) -> float:
    """Seconds the worst text takes; stops at the first length that is too slow."""
    worst = 0.0
    for length in LENGTHS:
        for text in hostile_texts(pattern.pattern, length):
            began = time.process_time()
            pattern.fullmatch(text)
            pattern.match(text)
            if length < LENGTHS[-1]:
                pattern.search(text)
            worst = max(worst, time.process_time() - began)
            if worst > SECONDS:
                return worst
    return worst


def test_there_are_patterns_to_try() -> None:
    assert len(PATTERNS) > 10


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.pattern[:40])
def test_no_pattern_explodes_on_a_long_text(pattern: re.Pattern[str]) -> None:
    assert longest_try(pattern) < SECONDS


@pytest.mark.parametrize("pattern", ["(a+)+$", "(令和|平成|.)*年$", r"(\d+、?)+円"])
def test_a_pattern_that_explodes_would_be_noticed(pattern: str) -> None:
    assert longest_try(re.compile(pattern)) > SECONDS
