"""Who sells: partners and the people among them, territories, representatives and who looks after whom."""

from __future__ import annotations

from django.db import models

from steelyard.ledger.histories import History
from steelyard.masters.master import Current

# --- partners ---------------------------------------------------------------------------------------------------------


class PartnerValues(models.Model):
    """A distributor, dealer, agent, hospital, doctor; ``type`` says which."""

    code = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    type = models.CharField(max_length=100, blank=True)
    parent = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=200, blank=True)
    territory = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Partner(PartnerValues, Current):
    """A partner as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="partner_code")]


class PartnerHistory(PartnerValues, History):
    """Partners as they were known at each commit."""

    KEY = ("code",)


class AffiliationValues(models.Model):
    """A person among the partners works for an organisation among the partners."""

    person = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    role = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.person} at {self.organisation}"


class Affiliation(AffiliationValues, Current):
    """An affiliation as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organisation"], name="affiliation_key")]


class AffiliationHistory(AffiliationValues, History):
    """Affiliations as they were known at each commit."""

    KEY = ("person", "organisation")


class AliasValues(models.Model):
    """What a source calls a partner; no source: every source; no partner: known not to be one of ours."""

    source = models.CharField(max_length=100, blank=True)
    party = models.CharField(max_length=300)
    partner = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=20, blank=True)
    probability = models.BigIntegerField(null=True)  # in the grain of percents, as it was when it was decided
    margin = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source or 'any source'}: {self.party}"


class Alias(AliasValues, Current):
    """An alias as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "party"], name="alias_key")]


class AliasHistory(AliasValues, History):
    """Aliases as they were known at each commit."""

    KEY = ("source", "party")


class AuthorityValues(models.Model):
    """For one kind of fact this source counts; no partner: for all others; no source: every source counts."""

    kind = models.CharField(max_length=40)
    partner = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} of {self.partner or 'every partner'}: {self.source or 'every source'}"


class Authority(AuthorityValues, Current):
    """An authoritative source as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "partner"], name="authority_key")]


class AuthorityHistory(AuthorityValues, History):
    """Authoritative sources as they were known at each commit."""

    KEY = ("kind", "partner")


class AttributeValues(models.Model):
    """A column of the company's own about partners or products; ``type`` says how its values are written."""

    code = models.CharField(max_length=100)
    about = models.CharField(max_length=20)
    type = models.CharField(max_length=20)
    meaning = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} of a {self.about}"


class Attribute(AttributeValues, Current):
    """An attribute as it is declared now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="attribute_code")]


class AttributeHistory(AttributeValues, History):
    """Attributes as they were declared at each commit."""

    KEY = ("code",)


class AttributeValueValues(models.Model):
    """What an attribute is for one partner or one product, as text written the way of its type."""

    attribute = models.CharField(max_length=100)
    partner = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=300)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.attribute} of {self.partner or self.product}: {self.value}"


class AttributeValue(AttributeValueValues, Current):
    """A value as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attribute", "partner", "product"], name="attribute_value_key")]


class AttributeValueHistory(AttributeValueValues, History):
    """Values as they were known at each commit."""

    KEY = ("attribute", "partner", "product")


# --- territories and the people who look after them -------------------------------------------------------------------


class TerritoryValues(models.Model):
    """An area in a tree of areas."""

    code = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    parent = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Territory(TerritoryValues, Current):
    """A territory as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="territory_code")]


class TerritoryHistory(TerritoryValues, History):
    """Territories as they were known at each commit."""

    KEY = ("code",)


class RepresentativeValues(models.Model):
    """One of the company's people who look after partners."""

    code = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    manager = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Representative(RepresentativeValues, Current):
    """A representative as they are now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="representative_code")]


class RepresentativeHistory(RepresentativeValues, History):
    """Representatives as they were known at each commit."""

    KEY = ("code",)


class AssignmentValues(models.Model):
    """A representative looks after a territory or a partner."""

    representative = models.CharField(max_length=200)
    territory = models.CharField(max_length=200, blank=True)
    partner = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.representative} for {self.territory or self.partner}"


class Assignment(AssignmentValues, Current):
    """An assignment as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["representative", "territory", "partner"], name="assignment_key")]


class AssignmentHistory(AssignmentValues, History):
    """Assignments as they were known at each commit."""

    KEY = ("representative", "territory", "partner")
