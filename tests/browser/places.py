"""The addresses the tests go to: one person, one host and one opening of the demo, and every page of the application."""

import re
from dataclasses import dataclass

from litestar import Litestar
from playwright.sync_api import ViewportSize

from seed.load_demo import demo_id

DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED: ViewportSize = {"width": 683, "height": 384}
"""The desk at 200 %."""

SAKURA, OCHI, NOMURA = (demo_id("person", key) for key in ("S01", "S05", "P10"))
HINATA, FURATTO = demo_id("host", "A01"), demo_id("host", "A10")
HINATA_OPENING, FURATTO_OPENING = demo_id("opening", "A01/0"), demo_id("opening", "A10/0")
MATCH = f"/people/{SAKURA}/match"
THREE = ",".join(demo_id("opening", key) for key in ("A01/0", "A08/0", "A12/0"))


@dataclass(frozen=True)
class Place:
    """One page: what it is called, where it is, who looks, and the status it answers with."""

    name: str
    path: str
    login_name: str | None = "aoki"
    status: int = 200


PLACES = (
    Place("today", "/"),
    Place("sign-in", "/sign-in", None),
    Place("account", "/account"),
    Place("join", "/join", None),
    Place("accounts", "/settings/people", "tono"),
    Place("account-invite", "/settings/people/invite", "tono"),
    Place("account-of-another", f"/settings/people/{demo_id('user', 'ishii')}", "tono"),
    Place("host-account", "/account", "umi"),
    Place("absent", f"/hosts/{'0' * 32}", status=404),
    Place("referrals", "/referrals"),
    Place("referral-new", "/referrals/new"),
    Place("feedback", "/feedback"),
    Place("advice", "/advice"),
    Place("meetings", "/meetings"),
    Place("meeting-new", "/meetings/new"),
    Place("course", f"/people/{SAKURA}/course"),
    Place("consents", f"/people/{SAKURA}/consents"),
    Place("papers", f"/people/{SAKURA}/papers"),
    Place("anonymous", f"/people/{SAKURA}/papers/anonymous"),
    Place("plans", f"/people/{SAKURA}/plans"),
    Place("people", "/people"),
    Place("person-new", "/people/new"),
    Place("person", f"/people/{SAKURA}"),
    Place("person-edit", f"/people/{SAKURA}/edit"),
    Place("avoid", f"/people/{SAKURA}/avoid"),
    Place("apart", f"/people/{SAKURA}/apart"),
    Place("week", f"/people/{SAKURA}/week"),
    Place("joint", "/joint"),
    Place("joint-new", "/joint/new"),
    Place("assessment", f"/people/{SAKURA}/assessment"),
    Place("match-fits", f"{MATCH}?band=ok"),
    Place("match-to-check", f"{MATCH}?band=ask"),
    Place("match-excluded", f"{MATCH}?band=no"),
    Place("match-what-if", f"{MATCH}?s-noise=off&v-crowd=3"),
    Place("match-refused", f"/people/{NOMURA}/match"),
    Place("compare", f"{MATCH}/compare?compare={THREE}"),
    Place("sounding", f"{MATCH}/sounding"),
    Place("phone-script", f"{MATCH}/phone"),
    Place("hosts", "/hosts"),
    Place("host-new", "/hosts/new"),
    Place("host", f"/hosts/{HINATA}"),
    Place("host-edit", f"/hosts/{HINATA}/edit"),
    Place("conditions", f"/hosts/{HINATA}/conditions"),
    Place("opening", f"/openings/{HINATA_OPENING}/edit"),
    Place("site-new", f"/hosts/{HINATA}/sites/new"),
    Place("site", f"/hosts/{HINATA}/sites/{demo_id('site', 'A01/0')}"),
    Place("pin", f"/hosts/{HINATA}/sites/{demo_id('site', 'A01/0')}/pin"),
    Place("import", "/hosts/import"),
    Place("reports", "/reports"),
    Place("reports-of-a-quarter", "/reports?period=2026q3", "hojo"),
    Place("reports-outside", "/reports", "tono"),
    Place("report-settings", "/settings/reports", "hojo"),
    Place("settings", "/settings", "hojo"),
    Place("joint-settings", "/settings/joint", "hojo"),
    Place("attribute", "/settings/vocabulary/noise", "hojo"),
    Place("attribute-new", "/settings/vocabulary/new", "hojo"),
    Place("ladder-settings", "/settings/ladder", "hojo"),
    Place("gaps", "/gaps"),
    Place("gap", f"/gaps/{demo_id('resource_gap', 'evening')}"),
    Place(
        "development", f"/gaps/{demo_id('resource_gap', 'evening')}/developments/{demo_id('resource_development', 'lights')}"
    ),
    Place("agencies", "/agencies"),
    Place("agency", f"/agencies/{demo_id('agency', 'kodomo')}"),
    Place("agency-edit", f"/agencies/{demo_id('agency', 'kodomo')}/edit"),
    Place("agency-new", "/agencies/new"),
    Place("caseloads", "/agencies/caseloads"),
    Place("agency-import", "/agencies/import"),
    Place("board", "/placements"),
    Place("placement", f"/placements/{demo_id('placement', 'P17')}"),
    Place("person-placements", f"/people/{SAKURA}/placements"),
    Place("candidate", f"/people/{SAKURA}/placements/new/{HINATA_OPENING}"),
    Place("follow-ups", "/followup"),
    Place("follow-ups-of-all", "/followup?who=all", "hojo"),
    Place("follow-up-week", "/followup/week"),
    Place("follow-up-day", "/followup/day"),
    Place("follow-up-team-day", "/followup/team-day"),
    Place("follow-up-unplanned", "/followup/unplanned"),
    Place("follow-up-plan", "/followup/plan"),
    Place("times", "/followup/times"),
    Place("calendar", "/calendar"),
    Place("rhythms", "/settings/rhythms", "hojo"),
    Place("planner-settings", "/settings/planner", "hojo"),
    Place("town-settings", "/settings/town", "hojo"),
    Place("presets", "/settings/presets", "hojo"),
    Place("preset", "/settings/presets/jimukyoku", "hojo"),
    Place("closed-days", "/settings/calendar", "hojo"),
    Place("person-follow-ups", f"/people/{SAKURA}/followups"),
    Place("person-visits", f"/people/{SAKURA}/visits"),
    Place("host-visits", f"/hosts/{HINATA}/visits"),
    Place("adjustments", "/adjustments"),
    Place("person-adjustments", f"/people/{SAKURA}/adjustments"),
    Place("closing", f"/people/{SAKURA}/closing"),
    Place("stability", f"/people/{SAKURA}/stability"),
    Place("after-closing", "/followup/after"),
    Place("shares", f"/people/{SAKURA}/share"),
    Place("share", f"/people/{SAKURA}/share/{HINATA}"),
    Place("catalogue-health", "/catalogue"),
    Place("monthly", "/hosts/monthly"),
    Place("fax", f"/hosts/{HINATA}/fax"),
    Place("outbox", "/outbox"),
    Place("exchange", "/exchange"),
    Place("audit", "/audit", "hojo"),
    Place("audit-check", "/audit/check", "hojo"),
    Place("audit-meetings", "/audit/meetings", "hojo"),
    Place("break-glass", "/break-glass", "hojo"),
    Place("access-settings", "/settings/access", "hojo"),
    Place("seen", f"/people/{SAKURA}/seen"),
    Place("members", f"/people/{SAKURA}/members"),
    Place("face-home", "/host", "umi"),
    Place("face-week", "/host/week", "umi"),
    Place("face-person", f"/host/people/{demo_id('placement', 'P18')}", "umi"),
    Place("face-report", "/host/report", "umi"),
    Place("face-opening", f"/host/openings/{demo_id('opening', 'F02/0')}", "umi"),
    Place("face-pause", f"/host/openings/{demo_id('opening', 'F02/0')}/pause", "umi"),
    Place("face-sounding", f"/host/soundings/{demo_id('sounding', 'F02')}", "umi"),
    Place("face-card", "/host/card", "umi"),
    Place("face-conditions", "/host/card/conditions", "umi"),
    Place("face-staff", "/host/staff", "umi"),
    Place("face-absent", "/people", "umi", status=404),
    Place("doors", "/referrals/doors"),
    Place("own-desks", "/refer/desks?field=aged", "tsubaki"),
    Place("invitations", "/invitations", "tsubaki"),
    Place("own-advice", "/refer/advice", "tsubaki"),
    Place("door-dead", "/d/none", None, status=404),
    Place("link-thanks", "/l/thanks", None),
    Place("link-dead", "/l/none", None, status=404),
)
SHOWN_ELSEWHERE = {
    "/sign-in/code",
    "/sign-in/set-up",
    "/account/second-factor",
    "/team",
    "/team/{case_id:str}",
    "/meetings/{meeting_id:str}",
    "/refer",
    "/refer/new",
    "/refer/{own_referral_id:str}",
    "/refer/{own_referral_id:str}/files/{own_file_id:str}",
    "/referrals/{referral_id:str}/files/{file_id:str}",
    "/referrals/{referral_id:str}",
    "/agencies/import/{list_id:str}",
    "/hosts/import/{batch_id:str}",
    "/people/{person_id:str}/match/counts",
    "/followup/{follow_up_id:str}",
    "/followup/{follow_up_id:str}/record",
    "/followup/plan/{plan_id:str}",
    "/visits/{record_id:str}/correct",
    "/adjustments/{adjustment_id:str}",
    "/host/visits/{visit_id:str}",
    "/ics/{feed:str}",
    "/followup/offline",
    "/followup/offline/today",
    "/followup/offline-worker.js",
    "/joint/{run_id:str}",
    "/joint/{run_id:str}/who/{row_id:str}",
    "/exchange/{exchange_id:str}",
    "/exchange/files/{exchanged_id:str}",
    "/reports/releases/{release_id:str}",
}
"""The preview of an import or of a file from the hosts, the live counts and the result of a joint run have tests of their own."""
NO_PAGES = re.compile(r"^/(api|schema|static|healthz|readyz)\b|\.(pdf|csv|xlsx|json)$|/events$|^/host/fax$")


def pages_never_looked_at(app: Litestar) -> set[str]:
    """Routes answering GET with a page that no place above leads to."""
    routes = {route.path for route in app.routes if "GET" in getattr(route, "methods", ())}
    pages = {path for path in routes if not NO_PAGES.search(path)} - SHOWN_ELSEWHERE
    fixed = sorted(pages, key=lambda path: path.count("{"))
    looked_at = {next((path for path in fixed if _leads(path, place.path)), "") for place in PLACES}
    return pages - looked_at


def _leads(route: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), path.split("?")[0]) is not None
