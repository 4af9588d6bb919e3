"""Roles and rights: the one table that says who may do what."""

from service.web.permission import Permission

COORDINATOR, SUPERVISOR, ADMIN, HOST = "coordinator", "supervisor", "admin", "host"
SECRETARIAT, TEAM, REFERRER, GUEST, AUDITOR = "secretariat", "team", "referrer", "guest", "auditor"
MULTI = "multi"
ROLE_LABELS = {
    COORDINATOR: "参加支援",
    MULTI: "多機関協働",
    SECRETARIAT: "事務局",
    SUPERVISOR: "管理者（スーパーバイザー）",
    TEAM: "支援関係機関",
    ADMIN: "システム管理",
    AUDITOR: "監査",
    REFERRER: "つなぎ元",
    GUEST: "会議の出席者",
    HOST: "受け入れ先",
}
HOST_HOME = "/host"
"""Where the hosts' own pages begin; nothing of the staff's is below it, and nothing of theirs beside it."""
HOMES = {HOST: HOST_HOME, REFERRER: "/refer", GUEST: "/meetings", AUDITOR: "/audit", TEAM: "/team"}
"""Where those begin who have pages of their own; everybody else at 今日."""

CASE_STAFF = frozenset({COORDINATOR, MULTI})
"""Who works on cases: 多機関協働 on all of a case but the matching and the sounding."""
_STAFF = CASE_STAFF | {SUPERVISOR}

SIGNED_IN = Permission("signed-in", _STAFF | {ADMIN, SECRETARIAT})
LEAVE = Permission("leave", frozenset(ROLE_LABELS))
HOST_FACE = Permission("host.face", frozenset({HOST}))
READ_CATALOGUE = Permission("catalogue.read", _STAFF | {ADMIN, SECRETARIAT})
EDIT_CATALOGUE = Permission("catalogue.edit", frozenset({COORDINATOR}), sees=READ_CATALOGUE)
READ_REMARKS = Permission("remarks.read", _STAFF)
IMPORT_CATALOGUE = Permission("catalogue.import", frozenset({COORDINATOR}), sees=READ_CATALOGUE)
EXPORT_CATALOGUE = Permission("catalogue.export", _STAFF, sees=READ_CATALOGUE)
READ_CASES = Permission("cases.read", _STAFF)
EDIT_CASES = Permission("cases.edit", CASE_STAFF, sees=READ_CASES)
READ_MATCHES = Permission("matches.read", _STAFF)
RECORD_MATCHES = Permission("matches.record", frozenset({COORDINATOR}), sees=READ_MATCHES)
ANSWER_CALLS = Permission("calls.answer", frozenset({COORDINATOR}), sees=READ_MATCHES)
READ_PLACEMENTS = Permission("placements.read", _STAFF)
EDIT_PLACEMENTS = Permission("placements.edit", frozenset({COORDINATOR}), sees=READ_PLACEMENTS)
READ_FOLLOWUP = Permission("followup.read", _STAFF)
EDIT_FOLLOWUP = Permission("followup.edit", frozenset({COORDINATOR}), sees=READ_FOLLOWUP)
ANSWER_ESCALATION = Permission("followup.answer", frozenset({COORDINATOR, SUPERVISOR}), sees=READ_FOLLOWUP)
OWN_CALENDAR = Permission("calendar.own", _STAFF)
READ_SETTINGS = Permission("settings.read", _STAFF | {ADMIN})
EDIT_SETTINGS = Permission("settings.edit", frozenset({SUPERVISOR, ADMIN}), sees=READ_SETTINGS)
READ_PEOPLE = Permission("people.read", frozenset({ADMIN, SUPERVISOR}))
"""Who signs in, what is asked for about them, and stopping somebody at once."""
ASK_PEOPLE = Permission("people.ask", frozenset({ADMIN}), sees=READ_PEOPLE)
"""Inviting, other roles, a new password: asked for by one, done only when another agrees."""
CONFIRM_ROLES = Permission("people.confirm-roles", frozenset({SUPERVISOR}), sees=READ_PEOPLE)
CONFIRM_RESET = Permission("people.confirm-reset", frozenset({SUPERVISOR, ADMIN}), sees=READ_PEOPLE)
READ_PROCESS = Permission("process.read", _STAFF | {SECRETARIAT})
"""Sheets that came in, decisions, meetings, and what is owed: the way of a case rather than the person."""
EDIT_PROCESS = Permission("process.edit", CASE_STAFF | {SECRETARIAT}, sees=READ_PROCESS)
REFER = Permission("refer", frozenset({REFERRER}))
"""A つなぎ元's own pages: their sheets, and what became of them."""
READ_MEETINGS = Permission("meetings.read", _STAFF | {SECRETARIAT, GUEST})
"""The list and the one meeting; which meetings, `meetings/reading.py` says."""
READ_REPORTS = Permission("reports.read", _STAFF | {ADMIN, SECRETARIAT, AUDITOR})
"""The room of the figures; a system admin and an auditor find what left the office there, and nothing finer."""
READ_FIGURES = Permission("reports.figures", _STAFF | {SECRETARIAT}, sees=READ_REPORTS)
"""The exact figures, which never leave the office."""
PUBLISH_REPORTS = Permission("reports.publish", frozenset({SUPERVISOR, SECRETARIAT}), sees=READ_REPORTS)
"""Letting audited figures leave the office, after somebody else has asked for it."""
TEAM_PAGES = Permission("team", frozenset({TEAM}))
"""The own pages of whoever works on cases for another agency."""
READ_AUDIT = Permission("audit.read", frozenset({AUDITOR, SUPERVISOR, SECRETARIAT}))
"""The log: the city's office reads in it what was done with locked cases, and no more."""
READ_WHOLE_AUDIT = Permission("audit.whole", frozenset({AUDITOR, SUPERVISOR}), sees=READ_AUDIT)
AUDIT_ROOM = Permission("audit.room", frozenset({AUDITOR, SECRETARIAT}))
"""Whose head of the page leads to the log; a supervisor's first page does, where there is more room."""
EXPORT_AUDIT = Permission("audit.export", frozenset({AUDITOR}), sees=READ_AUDIT)
BREAK_GLASS = Permission("cases.break-glass", frozenset({SUPERVISOR}))
