"""The demo city in a database: complete, at any date, and with the agreed scenarios in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from seed.load_demo import PASSWORD, born_on, demo_id, load_demo
from service.accounts.sessions import open_session
from service.cases.models import Consent, Person, SupportCase
from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.dates import age_on
from service.kernel.kana import fold_text
from service.kernel.vocab import load_vocabulary
from service.matching.bands import Band
from service.matching.gather import opening_facts, person_facts
from service.matching.instance import Catalogue
from service.matching.scenario_file import read_person
from service.matching.scenarios import run
from service.matching.verdict import Verdicts, evaluate
from service.resources.facts import catalogue_rows
from service.resources.models import CatalogueState, Condition, Host, Opening, Site
from service.resources.words import freshness_of
from service.setup import open_ready, set_up_town, signature
from service.web.actor import Town
from tests.cast import World
from tests.towns import Ground

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios" / "scenarios.json"
PRINCIPALS = ("S01", "S02", "S03", "S04", "S05", "S06", "S08")
HOSTS = tuple(f"A{number:02d}" for number in range(1, 17))


@contextmanager
def demo_town(ground: Ground, folder: Path, now: datetime) -> Iterator[tuple[Town, str]]:
    """A town with the demo loaded at an instant, and what was said about it."""
    settings = ground.prepare(folder)
    town = open_ready(settings, settings.entry())
    with town.database.write(signature=signature(town, now)) as session:
        said = load_demo(session, now)
    yield town, said
    town.database.close()


@pytest.fixture(scope="module")
def loaded(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, str]]:
    with demo_town(ground, tmp_path_factory.mktemp("demo"), NOW) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def session(loaded: tuple[Town, str]) -> Iterator[Session]:
    with loaded[0].database.read() as session:
        yield session


@pytest.fixture(scope="module")
def catalogue(session: Session) -> Catalogue:
    """The sixteen openings of the scenarios, as they stand in the demo."""
    vocabulary = load_vocabulary()
    wanted = {demo_id("opening", f"{key}/0") for key in HOSTS}
    return Catalogue.build((opening_facts(r, vocabulary) for r in catalogue_rows(session) if r.id in wanted), vocabulary)


def judge(session: Session, catalogue: Catalogue, key: str) -> Verdicts:
    query = select(Person).where(Person.id == demo_id("person", key)).options(
        selectinload(Person.needs), selectinload(Person.consents),
        selectinload(Person.avoid_rules), selectinload(Person.travel_times),
    )  # fmt: skip
    facts = person_facts(session.scalars(query).one(), catalogue.vocabulary, TODAY)
    return evaluate(catalogue, facts, today=TODAY)


def hosts_in(verdicts: Verdicts, band: Band) -> set[str]:
    names = {demo_id("opening", f"{key}/0"): key for key in HOSTS}
    return {names[verdicts.catalogue.ids[place]] for place in verdicts.in_band(band)}


@pytest.mark.parametrize("key", PRINCIPALS)
def test_the_people_of_the_scenarios_find_the_agreed_places(session: Session, catalogue: Catalogue, key: str) -> None:
    expected = json.loads(SCENARIOS.read_text("utf-8"))["expected"][key]
    verdicts = judge(session, catalogue, key)
    assert hosts_in(verdicts, Band.FITS) == set(expected["feasible"])
    assert hosts_in(verdicts, Band.NEEDS_CHECK) == set(expected["needs_check"])
    assert hosts_in(verdicts, Band.EXCLUDED) == set(expected["excluded"])


@pytest.mark.parametrize("key", PRINCIPALS)
def test_every_finding_of_a_scenario_is_the_agreed_one(session: Session, catalogue: Catalogue, key: str) -> None:
    verdicts = judge(session, catalogue, key)
    agreed = {line.host: line.expected for result in run(SCENARIOS).results if result.id == key for line in result.lines}
    for host, expected in agreed.items():
        place = catalogue.place_of[demo_id("opening", f"{host}/0")]
        found = [(a.attribute.code, f) for a, f in verdicts.of(place) if a.strength.decides and f]
        assert {code for code, finding in found if finding == 2} == expected.reasons, host
        assert {code for code, finding in found if finding == 1} == expected.unknown, host


@pytest.mark.parametrize("key", ["P1", "P2", "P3", "P4"])
def test_the_four_of_the_joint_run_find_the_same_places_as_in_the_file(
    session: Session, catalogue: Catalogue, key: str
) -> None:
    participant = json.loads(SCENARIOS.read_text("utf-8"))["joint"]["S07"]["participants"][key]
    of_file = evaluate(catalogue, read_person(participant, key, catalogue.vocabulary), today=TODAY)
    assert hosts_in(judge(session, catalogue, f"S07-{key}"), Band.FITS) == hosts_in(of_file, Band.FITS)


def test_a_host_is_found_by_kana_by_town_and_by_what_one_does_there(session: Session) -> None:
    for typed in ("すなはま", "小町二丁目", "読書", "ｶﾌｪ 波音"):
        found = session.scalars(select(Host.name).where(Host.search_text.contains(fold_text(typed)))).all()
        assert found, typed
    assert session.scalars(select(Host.sort_key)).all().count("") == 0


def test_a_person_is_found_by_kana(session: Session) -> None:
    query = select(Person.id).where(Person.search_text.contains(fold_text("さくらみ")))
    assert session.scalars(query).all() == [demo_id("person", "S01")]


def test_rows_of_the_demo_have_the_same_ids_in_every_town() -> None:
    assert demo_id("host", "A01") == "36eba41905f016c995d1cf5f4723db87"
    assert len({demo_id(table, key) for table in ("host", "site") for key in ("A01", "A02")}) == 4
    assert all(len(demo_id("person", key)) == 32 for key in PRINCIPALS)


def test_the_counter_of_the_catalogue_has_moved(session: Session) -> None:
    assert session.get_one(CatalogueState, 1).version > 0


def test_whoever_loads_the_demo_is_told_how_to_sign_in(loaded: tuple[Town, str]) -> None:
    town, said = loaded
    assert said == (
        "汐見市（架空）: 受け入れ先 72・枠 149・世帯 54・人 81 を入れました。"
        "サインイン: aoki / ishii / hojo / tono / umi / kaji / tsubaki / kudo、パスワード shiomi-demo"
    )
    with town.database.write(signature=signature(town, NOW)) as session:
        assert all(
            open_session(session, name, PASSWORD, NOW)
            for name in ("aoki", "ishii", "hojo", "tono", "umi", "kaji", "tsubaki", "kudo")
        )
        assert open_session(session, "aoki", "wrong", NOW) is None


def test_loading_is_on_record(loaded: tuple[Town, str]) -> None:
    with loaded[0].database.read() as session:
        assert verify_chain(session, loaded[0].key) is None
        assert session.scalars(select(func.count()).select_from(AuditEntry)).one() > 1000


def test_loaded_years_later_the_town_looks_as_fresh_as_today(ground: Ground, tmp_path: Path) -> None:
    later = datetime(2032, 6, 1, 3, 0, tzinfo=UTC)
    today = later.date()
    with demo_town(ground, tmp_path, later) as (town, _), town.database.read() as session:
        confirmed = session.scalars(select(Opening.confirmed_on)).all()
        assert {freshness_of(on, today) for on in confirmed} == {"fresh", "aging", "stale"}
        assert max(on for on in confirmed if on) <= today
        pause = session.get_one(Opening, demo_id("opening", "A13/0")).paused_until
        assert pause == today + timedelta(days=26)
        mio = session.get_one(Person, demo_id("person", "S01"))
        assert mio.birth_on is not None
        assert age_on(mio.birth_on, today) == 24
        assert session.scalars(select(func.max(Consent.recorded_at))).one() < later
        dates = [day for days in session.scalars(select(Opening.dates)) for day in days]
        assert all(date.fromisoformat(day.split()[0]) > today for day in dates)
        numbers = session.scalars(select(SupportCase.number).order_by(SupportCase.number)).all()
    # Opened in two fiscal years: each counts on its own, without a gap, so that the next new case finds its number free.
    assert {number[:4] for number in numbers} == {"R13-", "R14-"}
    for year in ("R13", "R14"):
        of_year = [number for number in numbers if number.startswith(year)]
        assert of_year == [f"{year}-{n:03d}" for n in range(1, len(of_year) + 1)]


def test_a_birthday_that_falls_on_a_leap_day_is_kept_a_day_earlier() -> None:
    assert born_on({"age": 30, "birthday": -1}, date(2028, 3, 1)) == date(1998, 2, 28)


def test_on_the_day_of_the_manuscript_its_own_dates_come_out(session: Session) -> None:
    assert session.get_one(Opening, demo_id("opening", "A13/0")).paused_until == date(2026, 12, 20)
    assert session.get_one(Person, demo_id("person", "S01")).birth_on == date(2002, 5, 8)


def test_the_demo_cannot_be_loaded_twice(loaded: tuple[Town, str]) -> None:
    town, _ = loaded
    with pytest.raises(IntegrityError), town.database.write(signature=signature(town, NOW)) as session:
        load_demo(session, NOW)
    with town.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Host)) == 72


def test_setting_up_a_town_that_has_something_in_it_adds_nothing(world: World) -> None:
    entry = world.settings.entry()
    said = list(set_up_town(world.settings, entry, demo=True))
    with world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Host)) == 0
    assert not any("架空" in line for line in said)


def test_what_is_unknown_has_no_row(session: Session) -> None:
    query = select(Condition.attribute).where(Condition.host_id == demo_id("host", "A10"))
    assert "scent" not in session.scalars(query).all()
    assert session.scalars(select(Site.id).where(Site.lat.is_(None))).all()
