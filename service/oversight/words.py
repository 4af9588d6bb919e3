"""The words of the log: acts, and what they were done to. No value of a field is in any of them."""

from collections.abc import Mapping
from typing import Final

ACTS: Final[Mapping[str, str]] = {
    "view": "見た", "print": "刷った", "export": "書き出した", "create": "作った", "change": "直した", "remove": "消した",
    "sign-in": "サインイン", "sign-out": "サインアウト", "import": "取り込んだ", "exchange": "別の網から",
    "cancel": "中止した", "joint-run": "合同照合に入れた",
}  # fmt: skip
LOOKS: Final = ("view", "print", "export")
"""Acts that show something to somebody and change nothing."""
THINGS: Final[Mapping[str, str]] = {
    "access_setting": "サインインと緊急のときの設定", "advice_request": "助言の頼み", "agency_link": "つなぎ元のリンク", "action_item": "会議の宿題", "adjustment": "環境調整", "advice_record": "助言",
    "anonymous": "匿名事例", "approval": "アカウントの申し出", "application": "申込票兼同意書", "closing_notice": "終結のお知らせ",
    "intake": "インテーク・アセスメントシート", "national": "国の様式", "no_consent": "相談受付票（同意なし）",
    "after_care": "終結後の担当", "agency": "相談支援機関", "agenda_item": "付議", "attempt": "会えなかった記録",
    "audit_entry": "操作の記録", "avoid_pair": "同席を避ける設定", "avoid_rule": "接触回避", "break_glass": "緊急に開いたこと",
    "calendar_feed": "予定のアドレス", "caseload": "機関ごとの受け持ち", "case_member": "支援関係機関の人", "catalogue": "受け入れ先の一覧", "condition": "条件（受け入れ先）",
    "consent": "同意", "contact_with_both": "両方に確かめた記録", "day": "一日の用紙", "evaluation": "評価",
    "exchanged_file": "やりとりのファイル", "feedback": "つなぎ元への報告", "follow_up": "フォローアップ", "host": "受け入れ先",
    "host_assessment": "受け入れ先のアセスメント", "host_link": "リンク", "host_member": "受け入れ先の人（サインイン）",
    "host_person": "そこにいる人", "host_word": "受け入れ先のことば", "household": "世帯", "import_batch": "取り込み",
    "joint_left": "案に入らなかった人", "joint_line": "案の行", "joint_run": "合同照合", "joint_setting": "合同照合の設定",
    "ladder_version": "段の設定", "match_run": "照合の結果", "meeting": "会議", "meeting_seat": "会議の席",
    "meeting_series": "定例の会議", "need": "アセスメントの答え", "numbered_copy": "番号つきの用紙", "offer": "本人に提示",
    "one_time_code": "一度だけの番号",
    "opening": "枠", "opening_slot": "曜日の枠", "outbox_message": "出ていく知らせ", "person": "本人・世帯員", "placement": "打診・紹介",
    "placement_move": "打診・紹介の段", "placement_session": "通う曜日", "plan": "プラン", "plan_goal": "プランの目標",
    "plan_run": "再計画の案", "plan_task": "役割分担", "policy_version": "市の設定", "progress_note": "支援経過記録",
    "recovery_code": "予備の番号", "referral": "つなぐシート", "referral_file": "シートに添えた書類", "referral_step": "シートへの対応", "remark": "職員のメモ", "resource_development": "資源開発",
    "report_decision": "統計を出すことへの返事", "report_snapshot": "外に出す統計", "resource_gap": "不足資源", "screening": "該当判断", "second_factor": "二段階のサインイン", "secrecy_acknowledgement": "守秘の誓約", "site": "場所",
    "sounding": "打診", "staff_time": "休み・予定", "stall_question": "まだ続いていますか", "stand_in": "代わりの担当",
    "step_up": "段取り", "suggestion": "提案", "support_case": "ケース", "support_plan": "プラン", "travel_time": "実際の道のり",
    "user": "利用者", "visit": "記録", "vocabulary_entry": "条件のことば",
}  # fmt: skip


def say_act(action: str) -> str:
    """What was done; one of a later release stands as it is."""
    return ACTS.get(action, action)


def say_thing(kind: str) -> str:
    """What it was done to."""
    return THINGS.get(kind, kind)
