"""What must hold before a step: each guard looks at plain facts and says what is missing and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from service.cases.course.meeting_first import await_meeting
from service.followup.placements.ladder import UPWARD, Ladder, Step
from service.kernel.errors import Missing

SAYS_YES: Final = frozenset({"yes", "conditional"})
PLAN_STOPPED: Final = "プランへの同意がないため、打診・提示・見学から先を止めています。"
PLAN_AGAIN: Final = "本人とプランを見直して、もう一度同意をいただいたら、同意の画面に記録してください。"
INSURED: Final = frozenset({"covered", "volunteer"})


@dataclass(frozen=True)
class CheckIn:
    """One talk with both sides: may it go on, and is anything open."""

    done_on: date
    wants: bool
    host_can: bool
    has_problem: bool

    @property
    def is_good(self) -> bool:
        """Both sides wish to go on and nothing is open."""
        return self.wants and self.host_can and not self.has_problem


@dataclass(frozen=True)
class Facts:
    """All that a guard may know of one placement, as of now; no name and no free text.

    `room` is what the opening has left beside this placement (None = its host has given no number); `starts_left` how many
    new people the host still takes this week; `support_left` how many with high support at once, both None = no limit;
    `awaited` the meeting that has to decide first.
    """

    has_consent: bool = False
    is_plan_stopped: bool = False
    awaited: str = ""
    is_minor: bool = False
    has_guardian: bool = False
    is_shared: bool = False
    has_reason: bool = False
    host_answer: str = ""
    is_assessed: bool = False
    insurance: str = ""
    insured_here: bool = False
    has_emergency_contact: bool = False
    costs_explained: bool = False
    person_wants: bool = False
    host_accepts: bool = False
    has_times: bool = False
    room: int | None = None
    starts_left: int | None = None
    support_left: int | None = None
    other_offers: int = 0
    host_cools_until: date | None = None
    is_host_paused: bool = False
    check_ins: tuple[CheckIn, ...] = field(default=())


Guard = Callable[[Facts, Ladder], Iterator[Missing]]


def service_consent(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """Nothing goes forward without the person's application."""
    if not facts.has_consent:
        yield Missing("consent", "利用申込みの同意がありません。", "ケースの画面で、同意を記録してください。")
    elif facts.is_plan_stopped:
        yield Missing("plan-consent", PLAN_STOPPED, PLAN_AGAIN)


def meeting_decided(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """Where a town wants it so, a meeting has decided before anybody is asked or shown a place."""
    yield from await_meeting(facts.awaited)


def known_origin(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """A pair comes from a match, or from somebody who says why."""
    if not facts.has_reason:
        yield Missing(
            "reason", "この組み合わせを選んだわけがありません。", "照合の結果から選ぶか、わけを一言入れてください。"
        )


def host_not_resting(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """After a hard case a host is left in peace for a while; a paused one is not asked."""
    if facts.is_host_paused:
        yield Missing("paused", "受け入れ先は休止中です。", "再開の日を確かめるか、ほかの所を探してください。")
    if facts.host_cools_until:
        until = f"{facts.host_cools_until.month}月{facts.host_cools_until.day}日"
        yield Missing(
            "cooling",
            f"大変だった受け入れのあとで、{until}まで間をおいています。",
            "その日のあとに頼むか、ほかの所を探してください。",
        )


def host_said_yes(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """A person is shown a place only after its host has said 可 or 条件付き."""
    if facts.host_answer not in SAYS_YES:
        yield Missing(
            "host-answer", "受け入れ先の返事（可・条件付き）がまだありません。", "打診の返事を記録してから進めてください。"
        )


def few_offers(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """So many offers at once, and no more."""
    if facts.other_offers >= ladder.offers_at_once:
        yield Missing(
            "offers",
            f"一度に示すのは{ladder.offers_at_once}つまでです。",
            "先に示した所への返事を聞いてから、次を示してください。",
        )


def room_left(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """The last place goes to one person."""
    if facts.room is not None and facts.room < 1:
        yield Missing(
            "no-room",
            "空きがなくなりました。ほかの人の押さえか、利用が先に決まっています。",
            "ほかに合う所を選ぶか、受け入れ先に空きを確かめてください。",
        )


def host_shared(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """The host learns a name only by the person's consent to tell this host."""
    if not facts.is_shared:
        yield Missing(
            "share",
            "この受け入れ先に伝えることへの同意がありません。",
            "伝える項目と期限を本人と決めて、同意を記録してください。",
        )


def host_assessed(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """Somebody of ours has seen the place before anybody goes there."""
    if not facts.is_assessed:
        yield Missing(
            "assessment",
            "受け入れ先のアセスメントがまだです。",
            "受け入れ先の画面で、仕事・人・場所・決まり・保険を確かめて記録してください。",
        )


def insurance_checked(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """Nobody tries out work uninsured."""
    if facts.insurance not in INSURED and not facts.insured_here:
        yield Missing(
            "insurance", "保険の確認がまだです。", "受け入れ先の保険か、ボランティア保険への加入を確かめてください。"
        )


def guardian_agreed(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """Below 18 a guardian agrees too."""
    if facts.is_minor and not facts.has_guardian:
        yield Missing(
            "guardian", "18歳未満のため、保護者の同意も要ります。", "ケースの画面で、保護者の同意を記録してください。"
        )


def ready_to_try(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """Whom to call, and what it costs or pays, is clear before the first day."""
    if not facts.has_emergency_contact:
        yield Missing("emergency", "緊急のときの連絡先が確かめられていません。", "連絡先を聞いて、印を付けてください。")
    if not facts.costs_explained:
        yield Missing("costs", "費用と謝礼の説明がまだです。", "本人に説明して、印を付けてください。")


def both_agree(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """Accepted by both is one thing, started another."""
    if not facts.person_wants:
        yield Missing(
            "person-wants", "本人の「やってみたい」がまだ記録されていません。", "本人の返事を聞いて、印を付けてください。"
        )
    if not facts.host_accepts:
        yield Missing(
            "host-accepts",
            "受け入れ先の「お願いします」がまだ記録されていません。",
            "受け入れ先に確かめて、印を付けてください。",
        )
    if not facts.has_times:
        yield Missing("times", "通う曜日・時間が決まっていません。", "曜日の枠を選んでください。")


def host_can_start(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """A host takes so many new people a week, and so many with high support at once."""
    if facts.starts_left is not None and facts.starts_left < 1:
        yield Missing(
            "starts",
            "この受け入れ先が今週受けられる新しい人数に達しています。",
            "来週の開始にするか、受け入れ先と相談してください。",
        )
    if facts.support_left is not None and facts.support_left < 1:
        yield Missing(
            "support",
            "手厚い支援の要る人が、同じ時間にもう受けられる人数います。",
            "ほかの曜日にするか、受け入れ先と相談してください。",
        )


def held_for_a_while(facts: Facts, ladder: Ladder) -> Iterator[Missing]:
    """Two good talks in a row, far enough apart."""
    last = sorted(facts.check_ins, key=lambda each: each.done_on)[-2:]
    is_apart = len(last) == 2 and (last[1].done_on - last[0].done_on).days >= ladder.contacts_apart_days
    if not (is_apart and all(each.is_good for each in last)):
        yield Missing(
            "two-contacts",
            f"{ladder.contacts_apart_days}日以上あけた二回続けて「続けたい」「続けられる」で、困りごとがないことが、まだ確かめられていません。",
            "確認を記録して、そろってから定着にしてください。",
        )


_ALWAYS: Final = (service_consent,)
_TOWARDS: Final = (*_ALWAYS, meeting_decided)
_TO_HOST: Final = (host_shared, host_assessed)
_AT_START: Final = (*_TO_HOST, insurance_checked, guardian_agreed, ready_to_try, both_agree, room_left, host_can_start)
GUARDS: Final[Mapping[Step, tuple[Guard, ...]]] = {
    Step.CANDIDATE: (*_ALWAYS, known_origin),
    Step.SOUNDED: (*_TOWARDS, host_not_resting),
    Step.OFFERED: (*_TOWARDS, host_said_yes, few_offers, room_left),
    Step.VISIT: (*_TOWARDS, host_said_yes, *_TO_HOST, room_left),
    Step.TRIAL: (*_TOWARDS, host_said_yes, *_TO_HOST, insurance_checked, guardian_agreed, ready_to_try, room_left),
    Step.STARTED: (*_TOWARDS, host_said_yes, *_AT_START),
    Step.SETTLING: (*_ALWAYS, host_shared),
    Step.STABLE: (*_ALWAYS, host_shared, held_for_a_while),
}
"""What each step asks for, also of those who step over the one before."""


def missing_for(to: str, facts: Facts, ladder: Ladder) -> tuple[Missing, ...]:
    """Everything that stands in the way of a step, all at once; nothing for resting, declining or ending."""
    if to not in UPWARD:
        return ()
    return tuple(missing for guard in GUARDS[Step(to)] for missing in guard(facts, ladder))
