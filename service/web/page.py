"""A page is a frozen dataclass and a template; the frame around it is made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.enums import MediaType
from litestar.response import Redirect
from litestar.utils.scope.state import ScopeState

from service.web.actor import Actor, Town
from service.web.permission import Permission
from service.web.templating import render_template


@dataclass(frozen=True)
class NavEntry:
    """A room of the house in the head of every page, for those who may enter it."""

    label: str
    href: str
    permission: Permission
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavItem:
    """An entry as one page shows it."""

    label: str
    href: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class Flash:
    """A message after something was done."""

    kind: str
    text: str


@dataclass(frozen=True)
class Face:
    """What stands around the pages of a role: its own base template, and where it begins."""

    base: str = "base.html"
    home: str = "/"


@dataclass(frozen=True)
class Finds:
    """What the search in the head of the page finds for whoever may read it."""

    permission: Permission
    words: str


@dataclass(frozen=True)
class Frame:
    """What base.html shows around every page."""

    title: str
    nav: tuple[NavItem, ...]
    actor_label: str | None
    csrf_token: str
    flash: Flash | None
    town_name: str
    single_key: bool = True
    face: Face = Face()
    finds: str = ""
    """What the box in the head of the page finds; empty where it would find nothing for this person."""


DONE = {
    "saved": "保存しました。",
    "added": "追加しました。",
    "confirmed": "「変更なし」として確認日を記録しました。",
    "imported": "取り込みました。結果は下の一覧のとおりです。",
    "answered": "回答を受け入れ先カードに書き込みました。",
    "consented": "同意を記録しました。",
    "password-changed": "パスワードを変えました。ほかの所のサインインは終わりました。",
    "signed-out-there": "その所のサインインを終わらせました。",
    "second-factor-off": "二段階のサインインをやめました。",
    "joined": "パスワードを決めました。この利用者名とパスワードで、サインインしてください。",
    "account-asked": "申し出ました。ほかの人が確かめると、行われます。まだ何も変わっていません。",
    "account-refused": "認めないことにしました。わけは、申し出た人の画面に出ます。",
    "account-changed": "確かめました。いまから、そのとおりになります。",
    "account-stopped": "使えなくしました。その人のサインインとカレンダーのアドレスは、いま終わりました。",
    "paper-in": "書面が届いたことを記録しました。",
    "nothing-to-save": "変更はありませんでした。",
    "withdrawn": "取りやめました。何も書き込んでいません。",
    "gap": "不足資源として記録しました。",
    "accepted": "候補に決めました。受け入れ先への打診は、これからです。",
    "declined": "案から外しました。計算し直すと、ほかの所を探します。",
    "taken-back": "候補を取り消しました。",
    "asked": "今月の確認を送りました。",
    "nobody-to-ask": "メールで聞ける所は、もう残っていません。FAXか電話で聞いてください。",
    "shared": "この受け入れ先に伝えることへの同意を記録しました。",
    "unshared": "撤回を記録しました。この受け入れ先には、いまから何も見えません。",
    "host-saved": "保存しました。ありがとうございます。",
    "host-confirmed": "「変更なし」を受け取りました。ありがとうございます。",
    "host-told": "お知らせを受け取りました。ありがとうございます。",
    "host-answered": "お返事を受け取りました。担当者から連絡します。",
    "host-paused": "お休みにしました。再開するときは「再開する」を押してください。",
    "host-resumed": "再開しました。ありがとうございます。",
    "host-disabled": "その方は、いまからサインインできません。",
    "host-invited": "招待のリンクは、もう作りました。見えなくなったときは、もう一度作ってください。",
    "planned": "案ができました。まだ何も書き込んでいません。",
    "plan-applied": "決めた行を予定に入れました。",
    "moved-by-hand": "動かしました。",
    "moved-back": "元に戻しました。約束していたものは、もう一度約束してください。",
    "recorded": "記録しました。",
    "host-asked": "受け入れ先に聞くことにしました。メールのない所は「出ていく知らせ」から写すか印刷できます。",
    "feed-ended": "アドレスを使えなくしました。いまから、だれにも見えません。",
    "busy-ended": "読み取った時間を消しました。",
    "closed": "終結しました。終結後の連絡は、下のとおりです。",
    "care-stopped": "連絡をやめました。予定していた連絡は、取りやめになりました。",
    "reopened": "もう一度受け付けました。新しいケース番号で、該当判断から始めます。",
    "received": "受け付けました。つなぎ元に、受け取ったことを知らせてください。",
    "acknowledged": "受け取ったと知らせたことを記録しました。",
    "screened": "判断を記録しました。",
    "sent": "送りました。受け取りを確かめたら、この画面に出ます。",
    "file-sent": "付けました。受け付けた窓口で読めます。",
    "invited": "つなぎ元を出席者に入れました。「案内を出した」を押すと、その方の画面に案内が出ます。",
    "replied": "お返事を送りました。ありがとうございます。",
    "question-sent": "送りました。答えは、この画面に出ます。",
    "advised": "答えました。相談した方が、自分の画面で読めます。",
    "answer-sent": "送りました。担当者が読みます。",
    "door-made": "入り口は、もう作りました。アドレスが見えなくなったときは、止めてからもう一度作ってください。",
    "door-mailed": "入り口をメールで送ることにしました。「出ていく知らせ」で、届いたかを確かめられます。",
    "door-shut": "入り口を止めました。いまから、だれにも開けません。",
    "sheet-withdrawn": "取り下げました。受け付けた窓口に、わけと一緒に伝わります。",
    "moved": "次の段階に進みました。経過にも残しました。",
    "noted": "経過に記録しました。",
    "decided": "決定を記録しました。ケースの経過にも残し、報告の相手を並べました。",
    "told": "伝えたことを記録しました。",
    "glass-opened": "開きました。担当と監査に知らせます。番号を押すと読めます。",
    "glass-ended": "読むのを終えました。いまから、このケースは見えません。",
    "release-asked": "数を固定し、少ない数を隠しました。ほかの管理者か事務局の人に、確かめてもらってください。",
    "released": "外に出しました。ファイルにして渡せます。",
    "cancelled": "計算を中止しました。何も書き込んでいません。",
}
"""Messages after a redirect; the address carries the key alone, never what was typed."""


def render(request: Request[Any, Any, Any], template: str, title: str, view: object, status: int = 200) -> Response[str]:
    """Answer with a whole page."""
    html = render_template(template, page=frame_of(request, title), view=view)
    return Response(html, status_code=status, media_type=MediaType.HTML)


def render_part(request: Request[Any, Any, Any], template: str, view: object, status: int = 200) -> Response[str]:
    """Answer with a piece of a page, for a script that swaps it in."""
    html = render_template(template, page=frame_of(request, ""), view=view)
    return Response(html, status_code=status, media_type=MediaType.HTML)


def pdf_answer(content: bytes, name: str) -> Response[bytes]:
    """Answer with a sheet to look at and print."""
    return Response(content, media_type="application/pdf", headers={"content-disposition": f'inline; filename="{name}"'})


def go(path: str, done: str | None = None) -> Redirect:
    """Send the browser on after a change was saved."""
    return Redirect(path if done is None else f"{path}{'&' if '?' in path else '?'}done={done}", status_code=303)


def is_partial(request: Request[Any, Any, Any]) -> bool:
    """Whether a script on the page asks for one piece of it."""
    return request.headers.get("hx-request") == "true"


def frame_of(request: Request[Any, Any, Any], title: str) -> Frame:
    """The frame for whoever is asking."""
    actor: Actor | None = request.scope.get("user")
    town: Town | None = request.scope.get("state", {}).get("town")
    token = ScopeState.from_scope(request.scope).csrf_token
    return Frame(
        title=title,
        nav=_nav(request, actor) if actor else (),
        actor_label=actor.label if actor else None,
        csrf_token=token if isinstance(token, str) else "",
        flash=_flash(request.query_params.get("done", "")),
        town_name=town.name if town else "",
        face=_face(request, actor),
        finds=_finds(request, actor),
    )


def _finds(request: Request[Any, Any, Any], actor: Actor | None) -> str:
    kinds: Sequence[Finds] = request.app.state.finds
    return next((each.words for each in kinds if actor and each.permission.allows(actor)), "")


def _face(request: Request[Any, Any, Any], actor: Actor | None) -> Face:
    faces: Mapping[str, Face] = request.app.state.faces
    anybody = faces.get("", Face())
    return next((faces[role] for role in sorted(actor.roles) if role in faces), anybody) if actor else anybody


def _flash(done: str) -> Flash | None:
    return Flash("ok", DONE[done]) if done in DONE else None


def _nav(request: Request[Any, Any, Any], actor: Actor) -> tuple[NavItem, ...]:
    entries: tuple[NavEntry, ...] = request.app.state.nav
    path = request.url.path
    return tuple(
        NavItem(e.label, e.href, any(_is_within(path, room) for room in (e.href, *e.also)))
        for e in entries
        if e.permission.allows(actor)
    )


def _is_within(path: str, room: str) -> bool:
    return path == room or (room != "/" and path.startswith(f"{room}/"))
