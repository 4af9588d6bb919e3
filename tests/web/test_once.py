"""A form sent twice does its work once."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from service.cases.models import SupportCase
from service.web.once import earlier_result, remember_result
from tests.cast import NOW, World

TYPED = {"name": "新井 そら", "_once": "0123456789abcdef0123456789abcdef"}


def cases_of(world: World) -> int:
    with world.reading() as session:
        return session.scalar(select(func.count()).select_from(SupportCase)) or 0


def test_a_double_click_opens_one_case_and_leads_to_it_twice(world: World) -> None:
    visitor = world.visit()
    first, second = visitor.submit("/people/new", TYPED), visitor.submit("/people/new", TYPED)
    assert first.status_code == second.status_code == 303
    assert second.headers["location"].split("?")[0] == first.headers["location"].split("?")[0]
    assert cases_of(world) == 1


def test_twenty_sendings_at_once_open_one_case(world: World) -> None:
    visitors = [world.visit() for _ in range(4)]
    for visitor in visitors:
        visitor.get("/sign-in")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: visitors[n % 4].submit("/people/new", TYPED).status_code, range(20)))
    assert answers == [303] * 20
    assert cases_of(world) == 1


def test_two_forms_are_two_cases(world: World) -> None:
    visitor = world.visit()
    for once in ("a" * 32, "b" * 32):
        visitor.submit("/people/new", TYPED | {"_once": once})
    assert cases_of(world) == 2


def test_a_form_that_failed_may_be_sent_again_under_the_same_key(world: World) -> None:
    visitor = world.visit()
    assert visitor.submit("/people/new", TYPED | {"name": ""}).status_code == 422
    assert visitor.submit("/people/new", TYPED).status_code == 303
    assert cases_of(world) == 1


def test_the_key_of_a_colleague_neither_leads_to_their_work_nor_stops_mine(world: World) -> None:
    theirs = world.visit("石井").submit("/people/new", TYPED)
    mine = world.visit("青木").submit("/people/new", TYPED)
    assert theirs.status_code == mine.status_code == 303
    assert theirs.headers["location"] != mine.headers["location"]
    assert cases_of(world) == 2


def test_any_text_will_do_as_a_key(world: World) -> None:
    visitor = world.visit()
    lone_surrogate = "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")
    for made, key in enumerate(("x" * 5000, "鍵", "' or 1=1 --", "a\0b", lone_surrogate), start=1):
        typed = TYPED | {"_once": key}
        assert [visitor.submit("/people/new", typed).status_code for _ in range(2)] == [303, 303]
        assert cases_of(world) == made


def test_keys_that_differ_far_behind_are_two_keys(world: World) -> None:
    with world.writing() as session:
        remember_result(session, "a", "x" * 200 + "1", "/first", NOW)
        remember_result(session, "a", "x" * 200 + "2", "/second", NOW)
    with world.reading() as session:
        assert earlier_result(session, "a", "x" * 200 + "2") == "/second"


def test_no_key_is_no_memory(world: World) -> None:
    with world.writing() as session:
        remember_result(session, "a", "", "/first", NOW)
    with world.reading() as session:
        assert earlier_result(session, "a", "") is None
