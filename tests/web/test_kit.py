"""The kit: every part renders, breaks no rule of the content security policy, and keeps what it promises to a reader."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from wtforms import (
    BooleanField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import InputRequired

from service.web.page import Flash, Frame, NavItem

SERVICE = Path(__file__).parents[2] / "service"
WEB = SERVICE / "web"
TEMPLATES = sorted(SERVICE.glob("**/templates/**/*.html"))


PAGE = Frame(
    title="部品の見本",
    nav=(
        NavItem("今日", "/", False, 7),
        NavItem("人をさがす", "/people", False, None),
        NavItem("照合", "/match", True, None),
        NavItem("受け入れ先", "/hosts", False, None),
        NavItem("設定", "/settings", False, None),
    ),
    actor_label="青木（参加支援）",
    finds="氏名・カナ・ケース番号",
    csrf_token="token'\"<>",
    flash=None,
    town_name="由比市",
    single_key=True,
)


class Sample(Form):
    """One field of every kind."""

    class Meta:
        """Messages in Japanese, as every form of the product has them."""

        locales = ("ja",)

    name = StringField("氏名", [InputRequired("氏名を入れてください。分からないときは仮の名で構いません。")])
    area = SelectField("地区", choices=[SelectChoice("a", "岡本"), SelectChoice("b", "大船")])
    max_min = IntegerField("移動の上限")
    cost = IntegerField("参加費の上限")
    born_on = StringField("生年月日")
    wish = TextAreaField("希望")
    agreed = BooleanField("本人の同意を確かめた")
    kind = RadioField("種別", choices=[SelectChoice("ibasho", "居場所"), SelectChoice("farm", "農家")])
    toilet = RadioField(
        "車いす対応トイレ",
        choices=[SelectChoice("yes", "はい"), SelectChoice("no", "いいえ"), SelectChoice("", "未確認")],
    )
    strength = RadioField(
        "静かさの強さ",
        choices=[
            SelectChoice("hard", "必須"),
            SelectChoice("wish", "希望"),
            SelectChoice("nice", "できれば"),
        ],
    )
    tags = SelectMultipleField("活動", choices=[SelectChoice(k, k) for k in ("読書", "動物", "農作業", "料理", "木工")])
    age_lo = IntegerField("年齢の下")
    age_hi = IntegerField("年齢の上")


def build_environment() -> Environment:
    """The kit alone: strict, escaping, with plain addresses for static files."""
    env = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined)
    env.globals["static"] = lambda path: f"/static/{path}"
    return env


def filled_form() -> Sample:
    """A form as somebody would leave it."""
    return Sample(
        data={"name": "佐倉 みお", "area": "b", "max_min": 35, "cost": 500, "toilet": "", "tags": ["読書", "動物"]}
        | {"strength": "hard", "kind": "farm", "age_lo": 16, "age_hi": 64, "wish": "静かなところ", "agreed": True}
    )


def wrong_form() -> Sample:
    """A form that came back with every kind of error."""
    form = Sample(prefix="wrong-", data={"born_on": "令和99年", "max_min": None})
    form.validate()
    form.born_on.errors = ["日付として読めません。令和8年6月22日 のように入れてください。"]
    form.max_min.errors = ["数字で入れてください（例 35）。"]
    form.toilet.errors = ["どれかを選んでください。分からないときは「未確認」で構いません。"]
    form.age_hi.errors = ["上の年齢は下の年齢以上にしてください。"]
    form.wish.errors = ["200字までに縮めてください。"]
    return form


def render_gallery(page: Frame = PAGE) -> str:
    """The style guide as HTML."""
    return build_environment().get_template("kit/gallery.html").render(page=page, form=filled_form(), wrong=wrong_form())


class Outline(HTMLParser):
    """Ids, targets of for/aria-describedby, and attributes that the policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.forbidden: list[str] = []
        self.checked: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect one element."""
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        self.references |= {found["for"]} if "for" in found else set()
        self.references |= set(found.get("aria-describedby", "").split())
        if tag == "style" or (tag == "script" and "src" not in found):
            self.forbidden.append(tag)
        self.forbidden += [n for n in found if n == "style" or n.startswith(("on", "hx-on"))]
        self.forbidden += [v for v in found.values() if v.lower().startswith("javascript:")]
        if "checked" in found or "selected" in found:
            self.checked.add((found.get("name", ""), found.get("value", "")))


def outline_of(html: str) -> Outline:
    """Parse a page."""
    parsed = Outline()
    parsed.feed(html)
    return parsed


def test_every_part_of_the_gallery_renders_with_strict_names() -> None:
    html = render_gallery()
    assert "部品の見本" in html
    assert "氏名を入れてください" in html


def test_labels_and_descriptions_point_at_something_and_no_id_repeats() -> None:
    seen = outline_of(render_gallery())
    assert [i for i in seen.ids if seen.ids.count(i) > 1] == []
    assert seen.references <= set(seen.ids)


def test_chosen_values_come_back_ticked() -> None:
    ticked = outline_of(render_gallery()).checked
    assert {("kind", "farm"), ("strength", "hard"), ("toilet", ""), ("tags", "動物"), ("week", "2:pm")} <= ticked
    assert ("windows-0-days", "2") in ticked
    assert ("kind", "ibasho") not in ticked


def test_window_rows_always_leave_two_empty_ones() -> None:
    html = render_gallery()
    assert 'name="windows-2-start" id="windows-2-start" value=""' in html
    assert "windows-3-start" not in html


def test_a_visitor_who_is_not_signed_in_sees_no_navigation_and_no_search() -> None:
    html = render_gallery(replace(PAGE, actor_label=None, nav=()))
    assert "/sign-out" not in html
    assert 'action="/search"' not in html
    assert "サインアウト" not in html


def test_names_never_travel_in_an_address_from_the_search_box() -> None:
    form = re.search(r'<form class="find"[^>]*>', render_gallery())
    assert form is not None
    assert 'method="post"' in form.group()


def test_a_hostile_token_or_text_stays_text() -> None:
    flash = Flash(kind="ok", text="<script>alert(1)</script>")
    html = render_gallery(replace(PAGE, flash=flash, town_name='"><img src=x onerror=alert(1)>'))
    assert outline_of(html).forbidden == []
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_single_key_shortcut_can_be_turned_off() -> None:
    assert "data-no-single-key" in render_gallery(replace(PAGE, single_key=False))
    assert "data-no-single-key" not in render_gallery()


def test_columns_follow_from_the_filled_blocks() -> None:
    env = build_environment()
    assert 'class="frame left-main-aside"' in render_gallery()
    error = SimpleNamespace(title="見つかりません", text="…", remedy="戻ってください。", reference=None)
    assert 'class="frame main"' in env.get_template("error.html").render(page=PAGE, error=error)


def test_an_error_page_says_what_to_do_next() -> None:
    error = SimpleNamespace(
        title="画面が古くなりました",
        text="ほかの人が先に保存しました。",
        remedy="開き直してください。",
        reference="a1b2",
    )
    html = build_environment().get_template("error.html").render(page=PAGE, error=error)
    assert "開き直してください。" in html
    assert 'href="/"' in html
    assert "a1b2" in html


@pytest.mark.parametrize("mark", ["o", "w", "q", "x"])
def test_marks_carry_a_sign_and_a_word(mark: str) -> None:
    kit = build_environment().get_template("kit/page.html").module
    html = str(kit.marks([(mark, "静か", None)]))  # type: ignore[attr-defined]
    assert re.search(r"[○△？×]</i><span class=\"vh\">(合う|気になる|未確認|合わない)：", html)


def test_no_template_of_any_slice_holds_inline_style_script_or_handler() -> None:
    offences = {(path.name, found) for path in TEMPLATES for found in outline_of(path.read_text(encoding="utf-8")).forbidden}
    assert offences == set()


def test_no_template_turns_escaping_off() -> None:
    bad = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    assert [p.name for p in TEMPLATES if bad.search(p.read_text(encoding="utf-8"))] == []


def test_style_and_script_ask_no_other_server_and_keep_nothing_in_the_browser() -> None:
    own = [WEB / "static" / "app.css", WEB / "static" / "app.js"]
    text = "".join(p.read_text(encoding="utf-8") for p in own)
    assert not re.search(r"https?://|@import|localStorage|sessionStorage|indexedDB|eval\(|innerHTML", text)
