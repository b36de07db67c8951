"""What a program is answered in place of data: a problem as RFC 9457 describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from ccinsight.errors import CcinsightError

MIME_TYPE = "application/problem+json"


@dataclass(eq=False)
class ProblemError(CcinsightError):
    """A request that isn't answered with data.

    ``code`` names the kind for programs, ``detail`` says what is wrong and what to do, in the language of the request.
    ``more``: members of the kind, such as ``nearest``. ``headers``: of the answer.
    """

    status: HTTPStatus
    code: str
    detail: str
    more: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.detail

    def body(self) -> bytes:
        """The problem as JSON. Its type is ``about:blank``, so its title is the status'; ``code`` says which it is."""
        said = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            "code": self.code,
            **self.more,
        }
        return json.dumps(said, ensure_ascii=False).encode()
