"""Who a sign-in is, from the claims of an OpenID provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccinsight.access.config import OpenId
from ccinsight.access.people import Identity


def identity_of(claims: Mapping[str, Any], provider: OpenId) -> Identity | None:
    """The identity behind a provider's checked claims; None without a subject, or of another tenant.

    Ids are Entra ID's ``oid`` (the same for every application of a tenant) and ``sub``. An address counts only as
    far as the provider vouches for it: a verified ``email``, or Entra ID's ``preferred_username``; its ``email`` may
    be one that nobody checked.
    """
    subject = _text(claims, "sub")
    if not subject or (
        provider.tenant is not None and _text(claims, provider.tenant_claim) != provider.tenant
    ):
        return None
    is_entra = provider.tenant_claim == "tid"
    object_id = _text(claims, "oid") if is_entra else ""
    roles = claims.get("roles")
    return Identity(
        ids=tuple(each for each in (object_id, subject) if each),
        address=_text(claims, "preferred_username") if is_entra else _verified_email(claims),
        roles=frozenset(each for each in roles if isinstance(each, str))
        if isinstance(roles, list)
        else frozenset(),
        name=_text(claims, "name"),
    )


def _verified_email(claims: Mapping[str, Any]) -> str:
    return _text(claims, "email") if claims.get("email_verified") is True else ""


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
