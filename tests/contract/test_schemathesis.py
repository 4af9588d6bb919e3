"""Every route under requests made from its own description: a clear answer, never a fault of ours.

The description is the app's OpenAPI document and the fields each form really has; half of the guesses stand at a real
id, and half of the forms are otherwise filled in.
"""

from copy import deepcopy
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cast import Visitor
from tests.security.house import UPLOADS, WORDS_OF_ADDRESSES, House, body_of, kept_as_it_was, routes_of, who_uses
from tests.security.test_matrix import TABLE

READ_BY_MATCHES = ["s-step_free", "v-step_free", "v-travel", "v-session", "v-time", "compare", "add", "drop", "opening"]
READ_BY_LISTS = {
    "/hosts": ["q", "page", "kind", "weekday", "status", "free", "check"],
    "/hosts/export.csv": ["q", "encoding"],
    "/hosts/{host_id}/conditions": ["site", "opening"],
    "/hosts/{host_id}/sites/{site_id}/pin": ["at", "q"],
    "/people": ["mine", "page"],
    "/sign-in": ["next"],
}
QUICK, DEEP = 10, 200
"""How many guesses a route gets. All are within the description: fields are texts, and no text is against it."""
# The progress of a run is a stream and no answer of one piece; tests/joint tries it.
NOT_DESCRIBED = {"/healthz", "/readyz", "/static/{file_path}", "/joint/{run_id}/events"}
NOTHING_BEHIND = {"/schema/{path}"}
ROUTES = sorted({(row["method"], row["path"]) for row in TABLE if row["path"] not in NOT_DESCRIBED})


@pytest.fixture(scope="module")
def described(house: House) -> Any:
    """The document, with the names each page reads from its address and each form has."""
    document = deepcopy(house.world.app.openapi_schema.to_schema())
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            names = READ_BY_MATCHES if "/match" in path else READ_BY_LISTS.get(path, [])
            if method == "get":
                read = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
                operation["parameters"] = [*operation.get("parameters", []), *read]
            if method == "post":
                operation["requestBody"] = form_of(house, path)
    return schemathesis.openapi.from_dict(document)


def form_of(house: House, path: str) -> dict[str, Any]:
    """The fields of a form, each holding any text."""
    fields: dict[str, Any] = {name: {"type": "string"} for name in [*body_of(house, path), "_version", "_once"]}
    kind = "application/x-www-form-urlencoded"
    if path in UPLOADS:
        kind, fields["file"] = "multipart/form-data", {"type": "string", "format": "binary"}
    return {"required": True, "content": {kind: {"schema": {"type": "object", "properties": fields}}}}


def test_every_route_is_described(described: Any, house: House) -> None:
    told = {(method.upper(), path) for path in described for method in described[path]}
    assert {route for route in routes_of(house.world) if route[1] not in NOT_DESCRIBED} == told
    assert set(ROUTES) == told


@pytest.mark.parametrize("guesses", [QUICK, pytest.param(DEEP, marks=pytest.mark.deep)])
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=map(" ".join, ROUTES))
def test_no_request_made_from_the_description_is_a_fault_of_ours(
    house: House, described: Any, method: str, path: str, guesses: int
) -> None:
    with kept_as_it_was(house.world):
        visitor = house.world.visit(who_uses(path))
        visitor.get("/sign-in")
        met = send_guesses(house, visitor, described[path][method], guesses)
        # The guesses reach the work behind the route, not only its refusals.
        assert met - {400, 401, 404, 415} or path in NOTHING_BEHIND


def send_guesses(house: House, visitor: Visitor, operation: Any, examples: int) -> set[int]:
    """Send what the description allows; the kinds of answer that came."""
    real = {**house.ids["own"], **house.ids["there"], **house.ids["member"], "path": "nothing", **WORDS_OF_ADDRESSES}
    words = body_of(house, operation.path) if operation.method == "post" else {}
    usual = {"body": words, "media_type": operation.body[0].media_type} if operation.method == "post" else {}
    met = set()

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), is_somewhere=st.booleans(), is_filled_in=st.booleans())
    @example(case=operation.Case(path_parameters=real, **usual), is_somewhere=True, is_filled_in=True)
    def send(case: schemathesis.Case, is_somewhere: bool, is_filled_in: bool) -> None:
        if is_somewhere:
            case.path_parameters = {name: real[name] for name in case.path_parameters or {}}
        if is_filled_in and isinstance(case.body, dict):
            case.body = words | case.body
        answer = send_case(visitor, case)
        assert answer.status_code < 500, case.as_curl_command()
        met.add(answer.status_code)

    send()
    return met


def send_case(visitor: Visitor, case: schemathesis.Case) -> Any:
    """Send a case by the browser of the tests: the bytes are schemathesis's own."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://testserver.local")).prepare()
    headers = {**sent.headers, "x-csrftoken": visitor.cookies["csrftoken"]}
    return visitor.request(str(sent.method), str(sent.url), content=sent.body or b"", headers=headers)
