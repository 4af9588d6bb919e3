"""Which columns of which table somebody types into, and which nobody does: every text column of a town is one or the other."""

from collections.abc import Iterator, Mapping

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapper

from service.tables import Base

FREE: Mapping[str, str] = {
    "Household": "label district timing_note",
    "Person": "relation name kana address phone contact_note situation",
    "SupportCase": "lead_agency",
    "AvoidPair": "note",
    "AvoidRule": "note",
    "Consent": "given_by reason explained_by witness document_version recorded_by",
    "Need": "value why",
    "StandIn": "reason",
    "TravelTime": "recorded_by",
    "Host": "name kana organisation pause_reason contact_person phone fax email url description note source",
    "HostPerson": "name role",
    "Site": "name address building",
    "Opening": "title activity pause_reason times_note confirmed_by",
    "Condition": "answered_by recorded_by",
    "HostAssessment": "author facts",
    "HostMember": "invited_by",
    "Remark": "author text",
    "ResourceGap": "summary recorded_by district end_reason",
    "ResourceDevelopment": "what who with_whom result made_by",
    "Agency": "name kana section handles address phone fax email hours contact note",
    "User": "name",
    "Approval": "reason asked_by decided_by answer",
    "Placement": "reason recorded_by",
    "PlacementMove": "by label note",
    "StepUp": "note",
    "Offer": "shown_by words",
    "Sounding": "text asked_by conditions reason answered_by",
    "ContactWithBoth": "recorded_by note adjustment",
    "HostWord": "text by seen_by",
    "StallQuestion": "note answered_by",
    "OutboxMessage": "subject body created_by ended_by trouble",
    "FollowUp": "moved_because state_reason confirmed_by escalation_note",
    "Attempt": "note recorded_by",
    "Suggestion": "why decided_by note",
    "Visit": "wish host_worry note recorded_by",
    "Adjustment": "what who outcome made_by",
    "AfterCare": "contact_name contact_agency contact_phone how note made_by",
    "StaffTime": "label",
    "PlanRun": "author applied_by",
    "Referral": "from_agency from_person from_phone from_email to_agency reach members story tried feedback_by acknowledged_by "
    "withdrawn_why",
    "ReferralStep": "by_agency text recorded_by",
    "ReferralFile": "name added_by",
    "Screening": "decider override_reason reason returned_to recorded_by",
    "AdviceRecord": "to_agency to_person expert asked advice recorded_by",
    "AdviceRequest": "from_agency from_person from_phone to_agency asked",
    "ProgressNote": "with_whom text next_step recorded_by",
    "CaseMember": "agency added_by",
    "BreakGlass": "opened_by reason",
    "Plan": "person_words person_part participation made_by",
    "PlanGoal": "text result_note",
    "PlanTask": "what agency who",
    "Evaluation": "changes_note person_words remaining recorded_by",
    "Feedback": "to_name to_agency by text reason settled_by",
    "Meeting": "name convenor legal_basis place minutes made_by",
    "MeetingSeries": "name place convenor",
    "Seat": "name agency section",
    "SecrecyAcknowledgement": "name agency recorded_by",
    "AgendaItem": "title summary decision_text decided_by",
    "ActionItem": "what owner agency outcome",
    "NumberedCopy": "for_name printed_by",
}  # fmt: skip
"""What people of a host or of the staff type, by table."""
CHOSEN: Mapping[str, str] = {
    "Household": "seating",
    "Person": "search_text gender coordinate_level coordinate_source",
    "SupportCase": "number status body",
    "AvoidRule": "kind",
    "Consent": "scope state method items",
    "Need": "attribute strength",
    "Host": "import_key search_text sort_key kind themes status",
    "Site": "coordinate_level coordinate_source",
    "Opening": "activity_tags status dates",
    "OpeningSlot": "nth",
    "Condition": "attribute value",
    "ResourceGap": "code age_band status",
    "ResourceDevelopment": "state",
    "Agency": "search_text kind fields",
    "Approval": "kind facts",
    "User": "login_name password_hash roles",
    "Placement": "step origin before_hold closing closed_by",
    "PlacementMove": "from_step to_step facts",
    "Offer": "answer",
    "Sounding": "placement_id channel state answer",
    "ContactWithBoth": "person_says host_says",
    "HostWord": "kind",
    "StallQuestion": "asked_of answer",
    "OutboxMessage": "key kind to_type to_id about_id state",
    "FollowUp": "key rule kind state earlier host_answer host_offers",
    "Attempt": "client_id channel result",
    "Suggestion": "key kind body state",
    "Visit": "client_id kind person_says host_says state connected",
    "Adjustment": "state",
    "AfterCare": "offsets checked",
    "StaffTime": "kind source source_uid",
    "PlanRun": "ask state job_id instance plan counts fingerprint plan_fingerprint problem",
    "Referral": "came_by age_band troubles pressing knows",
    "ReferralStep": "kind",
    "ReferralFile": "kind",
    "Screening": "result",
    "AdviceRecord": "way field",
    "AdviceRequest": "field",
    "ProgressNote": "kind method reaction flags from_status to_status facts",
    "Plan": "kind status ended_as",
    "PlanGoal": "term result",
    "Evaluation": "changes next_step",
    "Feedback": "about about_id to_role state",
    "Meeting": "kind body status",
    "MeetingSeries": "kind body months",
    "Seat": "role attended reply",
    "SecrecyAcknowledgement": "method",
    "AgendaItem": "purpose decision",
    "NumberedCopy": "paper",
}
"""Keys out of a list, days, numbers, hashes, and what is derived from other columns: a form refuses any other text."""
NOT_A_FIELD: Mapping[str, str] = {
    "AuditEntry": "written by the session itself, sealed",
    "FieldChange": "written by the session itself out of the columns above",
    "AuthSession": "hashes, and the name of a browser out of a list",
    "AccessSetting": "names of roles",
    "SecondFactor": "numbers a secret is derived from",
    "RecoveryCode": "hashes",
    "OneTimeCode": "hashes",
    "Job": "arguments and results of the queue, ids and numbers",
    "OnceKey": "where a form that was sent once led to",
    "HostLink": "a purpose and an id",
    "AgencyLink": "a purpose and an id",
    "ExchangedFile": "counts and a digest; names in a file of the other network have tests/exchange",
    "ExchangedItem": "parts of a sealed file: tests/exchange",
    "ImportBatch": "a table that was read: tests/resources/test_importing.py",
    "ImportedRow": "a table that was read: tests/resources/test_importing.py",
    "MatchRun": "an answer of the matching, computed",
    "JointRun": "an answer of the joint matching, computed: tests/joint",
    "JointLine": "an answer of the joint matching, computed: tests/joint",
    "JointLeft": "an answer of the joint matching, computed: tests/joint",
    "JointSetting": "numbers of a form",
    "LadderVersion": "a version every step of which is read when it is saved: tests/followup/test_ladder_settings.py",
    "ReportSnapshot": "counts, and words of the definitions; a district of a gap is planted there: tests/reports",
    "ReportDecision": "a word why something stays inside: tests/reports/test_release.py",
    "PolicyVersion": "a version that is read when it is saved: tests/rhythms, tests/planning",
    "VocabularyEntry": "a version that is read when it is saved: tests/resources/test_settings.py",
}
"""Tables without a field of a form of their own, each with why."""


def models() -> dict[str, type[Base]]:
    """Every table of a town by the name of its class."""
    return {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}


def unsorted_columns() -> set[str]:
    """Columns that hold texts and stand in none of the lists above, and names in those lists that no table has."""
    there = {name for mapper in Base.registry.mappers for name in _texts(mapper)}
    listed = {f"{table}.{name}" for lists in (FREE, CHOSEN) for table, names in lists.items() for name in names.split()}
    return there ^ listed


def _texts(mapper: Mapper[Base]) -> Iterator[str]:
    if mapper.class_.__name__ in NOT_A_FIELD:
        return
    for column in mapper.columns:
        plain = not column.primary_key and not column.foreign_keys
        if plain and isinstance(column.type, String | JSON):
            yield f"{mapper.class_.__name__}.{column.key}"
