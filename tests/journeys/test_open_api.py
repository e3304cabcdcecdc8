"""The API's own description is valid, tells the truth, and lists what this town has on."""

import jsonschema
import pytest
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from modules.budgets.demo import seed
from tenants.context import in_town

EXECUTION = "/api/v1/budgets/execution?year=2015&month=9&side=revenue&view=cumulative"


def _document(client):
    return client.get("/api/v1/openapi.json").json()


def test_the_document_is_valid_openapi(towns, visitor):
    """R34: by a foreign validator; the control is a document with a broken path."""
    document = _document(visitor(towns.first))
    validate(document)
    with pytest.raises(OpenAPIValidationError):
        validate({**document, "paths": {"/x": {"get": {"responses": "none"}}}})


def test_an_answer_has_the_shape_that_the_document_promises(towns, visitor):
    """R34: amounts as decimal strings in drams; the answer validates against its own schema."""
    with in_town(towns.first):
        seed(towns.first)
    client = visitor(towns.first)
    document = _document(client)
    path = next(path for path in document["paths"] if path.endswith("/budgets/execution"))
    shape = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = client.get(EXECUTION).json()
    schema = {**shape, "components": document["components"]}
    jsonschema.validate(answer, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**answer, "year": "two thousand"}, schema)


def test_the_document_is_read_in_the_office_too(towns, staff):
    """The API stands under site and office."""
    assert "paths" in _document(staff(towns.first))
