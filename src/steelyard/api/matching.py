"""The model that matches names, over REST: whether it may accept by itself and why, what to audit, audits, learning."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema, Status
from pydantic import Field

from steelyard.attribution import actions, audits, models_in_use
from steelyard.calc.units import to_text

from .gate import Asked, needs
from .jobs import JobShown, job_shown
from .problems import answers

router = Router(tags=["matching"])


class CertificateShown(Schema):
    """Whether the model may match names by itself, and what that rests on."""

    on: bool = Field(description="whether it accepts by itself")
    why: str = Field(examples=["people have decided 12 names; it takes 300"])
    version: str = Field(description="number of the model, or `shipped`", examples=["shipped"])
    digest: str = Field(description="SHA-256 of its weights and threshold")
    labels: int = Field(description="names that people decided", examples=[412])
    right: int = Field(description="matches that people checked and found right", examples=[310])
    wrong: int = Field(examples=[0])
    bound: str = Field(description="the precision that these show at least, one-sided 95%", examples=["0.9904"])
    needed: int = Field(description="checks without an error until it may", examples=[0])
    accept_from: str = Field(description="the least probability that it accepts", examples=["0.963"])
    automatic: int = Field(description="matches of models that stand", examples=[1830])


class ToAuditShown(Schema):
    """A match of the model that nobody has checked."""

    source: str
    party: str = Field(examples=["ACME-4711"])
    name: str = Field(description="what the model was asked", examples=["Acme Diagn. Ltd"])
    partner: str = Field(examples=["GB-0001"])
    called: str = Field(examples=["Acme Diagnostics Ltd"])
    probability: str = Field(examples=["0.987"])
    margin: str = Field(examples=["0.91"])


class Auditing(Schema):
    """Whether a match of the model is right; if wrong, whom the name means (blank: none of ours; left out: it waits again)."""

    source: str = Field(max_length=100)
    party: str = Field(max_length=300, examples=["ACME-4711"])
    right: bool
    partner: str | None = Field(None, max_length=200)
    reason: str = Field("", max_length=500)


class Audited(Schema):
    """Whether that said anything new."""

    changed: bool = Field(examples=[True])


@router.get("/model", response=answers(ok=CertificateShown), summary="Whether the model may match names by itself")
@needs("intake.read")
def certificate(request: Asked) -> dict[str, Any]:
    """On only while what people checked shows a precision of at least 99%, one-sided 95%."""
    found = models_in_use.certificate()
    return vars(found) | {"bound": f"{found.bound:.4f}", "accept_from": f"{found.accept_from:g}"}


@router.post("/model/learn", response=answers(accepted=JobShown), summary="Make a model from what people decided")
@needs("intake.write")
def learn(request: Asked) -> Any:
    """By a job, whose `result` is the version and whether it is in use; the worker does it by itself once enough was decided."""
    return Status(202, job_shown(actions.order_learning(acting_user=request.user)))


@router.get("/audits", response=answers(ok=list[ToAuditShown]), summary="Matches of the model to look at next")
@needs("intake.read")
def to_audit(request: Asked, most: int = 20) -> list[dict[str, Any]]:
    """A fair sample, the same for everybody: by a hash of the keys. At most 200."""
    found = audits.to_audit(min(max(most, 1), 200))
    likely = ("probability", "margin")
    return [vars(one) | {name: to_text(getattr(one, name), "percent") for name in likely} for one in found]


@router.post("/audits", response=answers(ok=Audited), summary="Say whether a match of the model is right")
@needs("intake.write")
def audit(request: Asked, sent: Auditing) -> dict[str, Any]:
    """A wrong match is taken back or decided anew; either counts in the certificate."""
    changed = actions.audit_match(
        source=sent.source, party=sent.party, right=sent.right, partner=sent.partner, reason=sent.reason, acting_user=request.user
    )
    return {"changed": changed}
