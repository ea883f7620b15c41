"""The OpenAPI document, fuzzed with a signed-in account: whatever is asked is answered as described."""

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pronote_gateways import running_gateway
from schemathesis.checks import CHECKS

ENDS_THE_SESSION = {("DELETE", "/pronote/v1/session"), ("POST", "/auth/logout")}
# Pronote answers with what it has; which numbers and words it knows cannot be described.
NOT_CHECKED = ["positive_data_acceptance", "unsupported_method", "ignored_auth", "use_after_free"]
ASK_OTHER_SERVERS = ("/auth/login", "/pronote/v1/session", "/ents/detection", "/instances", "/schools", "/files/")


@pytest.fixture(scope="module")
def signed_in(nats_url, pronote, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gateway")
    limits = {"sign_ins_per_address": "100000/minute", "sign_ins_per_account": "100000/minute"}
    with running_gateway(folder, nats_url, **limits) as url:
        body = {"url": pronote.root("2025.2.8"), "username": "demonstration", "password": "pronotevs"}
        yield url, httpx.post(f"{url}/auth/login", json=body, timeout=30).json()["token"]


def test_whatever_is_asked_is_answered_as_described(signed_in):
    url, token = signed_in
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.upper(), operation.path) not in ENDS_THE_SESSION:
            tried.add(operation.path)
            _fuzz(operation, token)
    assert len(tried) > 30
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{url}/pronote/v1/session", headers=headers, timeout=30).status_code == 200


def _fuzz(operation, token: str) -> None:
    others = ["not_a_server_error"] if any(part in operation.path for part in ASK_OTHER_SERVERS) else []

    @given(operation.as_strategy())
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def answers_as_described(case) -> None:
        headers = {"Authorization": f"Bearer {token}", "Token": token}
        case.call_and_validate(headers=headers, timeout=30, excluded_checks=CHECKS.get_by_names(NOT_CHECKED + others))

    answers_as_described()
