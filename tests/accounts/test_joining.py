"""A one-time code becomes an account; what one asks for about another's account happens when a third agrees."""

import re
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from service.accounts.approvals import open_questions
from service.accounts.joining import HOLDS, choose_password, draw_code, find_code
from service.accounts.models import Approval, AuthSession, OneTimeCode, User
from service.accounts.roles import ADMIN, AUDITOR, COORDINATOR, SUPERVISOR
from service.accounts.second.keeping import factor_of, offer
from service.accounts.sessions import FREE_TRIES
from service.cli import main
from service.commands.founding import is_code
from service.followup.feeds.addresses import make_feed, reader_of
from service.kernel.audit import AuditEntry
from service.kernel.clock import now_utc
from service.kernel.errors import DomainError
from service.settings import read_settings
from service.setup import ready_town
from tests.cast import NOW, World

PASSWORD = "ゆうなぎの浜辺で本を読む"
CODE = re.compile(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){2})</code>")
MITA = {"name": "三田 ゆり", "login_name": "mita", "roles": COORDINATOR, "reason": "4月から"}


def invited(world: World) -> tuple[str, str]:
    """遠野 has asked for somebody new: whose account, and the question."""
    with world.visit("遠野") as admin:
        answer = admin.submit("/settings/people/invite", MITA)
    assert answer.status_code == 303
    with world.reading() as session:
        question = session.scalars(select(Approval)).one()
        return question.user_id, question.id


def agree(world: World, question_id: str, name: str = "北条") -> str:
    """Somebody agrees; the page that follows."""
    with world.visit(name) as visitor:
        answer = visitor.submit(f"/settings/people/questions/{question_id}", {"agreed": "yes"})
    return str(answer.status_code) if answer.status_code != 200 else answer.text


def join(world: World, code: str, login: str = "mita", password: str = PASSWORD) -> tuple[int, str]:
    with world.visit(None) as nobody:
        answer = nobody.submit("/join", {"login_name": login, "code": code, "new": password, "again": password})
    return answer.status_code, answer.text


def test_an_invited_person_comes_in_only_after_another_agreed_and_with_a_code_that_opens_once(world: World) -> None:
    user_id, question_id = invited(world)
    with world.reading() as session:
        user = session.get_one(User, user_id)
        assert (user.active, user.roles) == (False, [])
    assert agree(world, question_id, "遠野") == "403"
    page = agree(world, question_id)
    code = CODE.findall(page)[0]
    assert join(world, code, password="みじかい")[0] == 422
    assert join(world, code.upper().replace("-", " "))[0] == 303
    assert join(world, code)[0] == 422
    with world.visit(None) as nobody:
        assert nobody.submit("/sign-in", {"login_name": "mita", "password": PASSWORD}).status_code == 303
    with world.reading() as session:
        assert session.get_one(User, user_id).roles == [COORDINATOR]
    assert agree(world, question_id) == "409"


def test_a_code_and_a_password_are_nowhere_in_the_town(world: World) -> None:
    _, question_id = invited(world)
    code = CODE.findall(agree(world, question_id))[0]
    join(world, code)
    kept = str(world.rows())
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert PASSWORD not in kept


def test_an_unknown_name_a_wrong_code_and_an_expired_one_get_one_answer(world: World) -> None:
    with world.writing() as session:
        code = draw_code(session, world.town, session.get_one(User, world.ids["青木"]), now_utc() - HOLDS, opens=False)
    wrong = [join(world, *each)[1].partition("<main")[2] for each in ((code, "aoki"), ("wrong", "aoki"), (code, "none"))]
    said = {re.sub(r'value="[^"]*"', "", each) for each in wrong}
    assert len(said) == 1


def test_guessing_codes_is_made_slow(world: World) -> None:
    with world.writing() as session:
        user = session.get_one(User, world.ids["青木"])
        code = draw_code(session, world.town, user, NOW, opens=False)
        session.flush()
        for _ in range(FREE_TRIES):
            assert find_code(session, world.town, "aoki", "wrong", NOW) is None
        with pytest.raises(DomainError, match="待つ"):
            find_code(session, world.town, "aoki", code, NOW)


def test_the_code_of_another_person_opens_nothing_and_a_new_one_ends_the_one_before(world: World) -> None:
    with world.writing() as session:
        aoki, ishii = (session.get_one(User, world.ids[name]) for name in ("青木", "石井"))
        first = draw_code(session, world.town, aoki, NOW, opens=False)
        session.flush()
        assert find_code(session, world.town, "ishii", first, NOW) is None
        second = draw_code(session, world.town, aoki, NOW, opens=False)
        session.flush()
        assert find_code(session, world.town, "aoki", first, NOW) is None
        row = find_code(session, world.town, "aoki", second, NOW)
        assert row is not None
        choose_password(session, row, PASSWORD, NOW)
        session.flush()
        assert find_code(session, world.town, "aoki", second, NOW) is None
        assert ishii.password_hash == "x"


def test_a_new_password_needs_two_people_and_ends_every_sign_in(world: World) -> None:
    with world.visit("青木") as aoki, world.writing() as session:
        question = Approval(kind="password-reset", user_id=world.ids["青木"], reason="忘れた", asked_at=now_utc(),
                            asked_by="石井", asked_by_id=world.ids["石井"])  # fmt: skip
        session.add(question)
        session.flush()
        asked = question.id
    assert aoki.cookies
    code = CODE.findall(agree(world, asked, "遠野"))[0]
    with world.reading() as session:
        rows = session.scalars(select(AuthSession).where(AuthSession.user_id == world.ids["青木"])).all()
        assert rows
        assert all(row.revoked_at for row in rows)
    assert join(world, code, "aoki")[0] == 303


def test_other_roles_hold_when_a_supervisor_agrees_and_a_refusal_says_why(world: World) -> None:
    address = f"/settings/people/{world.ids['石井']}/ask"
    with world.visit("遠野") as admin:
        assert admin.submit(address, {"what": "roles", "roles": AUDITOR, "reason": "異動"}).status_code == 303
        again = admin.submit(address, {"what": "roles", "roles": AUDITOR, "reason": "もう一度"})
        assert (again.status_code, "もう一度" in again.text) == (409, True)
        own = admin.submit(f"/settings/people/{world.ids['遠野']}/ask", {"what": "roles", "roles": AUDITOR, "reason": "a"})
        assert own.status_code in (409, 422)
    with world.reading() as session:
        (question,) = open_questions(session, now_utc())
        assert session.get_one(User, world.ids["石井"]).roles == [COORDINATOR]
    assert agree(world, question.id, "遠野") == "403"
    with world.visit("北条") as supervisor:
        refused = supervisor.submit(
            f"/settings/people/questions/{question.id}", {"agreed": "no", "words": "引き継ぎのあとで"}
        )
        assert refused.status_code == 303
        assert "引き継ぎのあとで" in supervisor.get(f"/settings/people/{world.ids['石井']}").text
    with world.visit("遠野") as admin:
        admin.submit(address, {"what": "roles", "roles": AUDITOR, "reason": "引き継ぎ済み"})
    with world.reading() as session:
        (question,) = open_questions(session, now_utc())
    assert agree(world, question.id) == "303"
    with world.reading() as session:
        assert session.get_one(User, world.ids["石井"]).roles == [AUDITOR]


def test_a_second_factor_is_taken_away_by_two(world: World) -> None:
    with world.writing() as session:
        offer(session, session.get_one(User, world.ids["青木"]))
    with world.visit("遠野") as admin:
        admin.submit(f"/settings/people/{world.ids['青木']}/ask", {"what": "second-factor-reset", "reason": "なくした"})
    with world.reading() as session:
        (question,) = open_questions(session, now_utc())
    assert agree(world, question.id) == "303"
    with world.reading() as session:
        row = factor_of(session, world.ids["青木"])
        assert row is not None
        assert (row.offered, row.nonce) == ("", "")


def test_whoever_is_stopped_has_nothing_open_and_their_code_and_calendar_end(world: World) -> None:
    with world.writing() as session:
        feed = make_feed(session, world.ids["青木"], now_utc())
        code = draw_code(session, world.town, session.get_one(User, world.ids["青木"]), now_utc(), opens=False)
    with world.visit("遠野") as admin:
        assert admin.submit(f"/settings/people/{world.ids['青木']}/stop").status_code == 303
        for name in ("遠野", "北条"):
            assert admin.submit(f"/settings/people/{world.ids[name]}/stop").status_code == 409
    with world.writing() as session:
        user = session.get_one(User, world.ids["青木"])
        assert not user.active
        user.active = True
        session.flush()
        assert reader_of(session, feed, now_utc()) is None
        assert find_code(session, world.town, "aoki", code, now_utc()) is None
        assert session.scalars(
            select(AuditEntry).where(AuditEntry.object_id == user.id, AuditEntry.actor_label != "青木")
        ).all()


def test_a_taken_name_is_said_and_what_was_typed_is_kept(world: World) -> None:
    with world.visit("遠野") as admin:
        answer = admin.submit("/settings/people/invite", MITA | {"login_name": "aoki"})
    assert answer.status_code == 422
    assert "もう使われています" in answer.text
    assert "三田 ゆり" in answer.text


@pytest.mark.parametrize(("code", "holds"), [("142042", True), ("149993", True), ("011002", True), ("142043", False),
                                             ("14204", False), ("992042", False), ("１４２０４２", False)])  # fmt: skip
def test_a_town_is_known_by_a_code_whose_check_digit_holds(code: str, *, holds: bool) -> None:
    assert is_code(code) is holds


def test_a_new_town_has_two_codes_and_a_second_run_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TSUNAGI_DATA", str(tmp_path))
    create = ["town", "create", "142042", "架空市", "--host", "t.example"]
    assert main(create) == 0
    codes = re.findall(r"番号 (\S+)", capsys.readouterr().out)
    before = (tmp_path / "towns.toml").read_text("utf-8")
    assert main(create) == 1
    assert (tmp_path / "towns.toml").read_text("utf-8") == before
    town = ready_town(read_settings(), "142042")
    with closing(town.database), town.database.read() as session:
        users = session.scalars(select(User).order_by(User.login_name)).all()
        assert [(user.roles, user.active) for user in users] == [([ADMIN], False), ([SUPERVISOR], False)]
        until = [row.expires_at for row in session.scalars(select(OneTimeCode))]
        assert all(now_utc() < each <= now_utc() + HOLDS + timedelta(minutes=1) for each in until)
    assert len(codes) == 2
    assert main(["town", "code", "admin"]) == 0
    assert main(["town", "code", "nobody"]) == 1
