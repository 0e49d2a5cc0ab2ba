"""What is sold: products, their categories and units, each with its history."""

from __future__ import annotations

from django.db import models

from steelyard.ledger.histories import History
from steelyard.masters.master import Current


class CategoryValues(models.Model):
    """A node in the tree of categories."""

    code = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    parent = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Category(CategoryValues, Current):
    """A category as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="category_code")]


class CategoryHistory(CategoryValues, History):
    """Categories as they were known at each commit."""

    KEY = ("code",)


class ProductValues(models.Model):
    """A product with the flags that frameworks ask for."""

    code = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=200, blank=True)
    gtin = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=50, blank=True)
    strategic = models.BooleanField(null=True)
    must_stock = models.BooleanField(null=True)
    status = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Product(ProductValues, Current):
    """A product as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="product_code")]


class ProductHistory(ProductValues, History):
    """Products as they were known at each commit."""

    KEY = ("code",)


class UnitValues(models.Model):
    """How many counting units (in millionths) one unit of measure of a product holds; no product: of every product."""

    product = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=50)
    factor = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.unit} of {self.product or 'every product'}"


class UnitOfMeasure(UnitValues, Current):
    """A factor as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "unit"], name="unit_key")]


class UnitOfMeasureHistory(UnitValues, History):
    """Factors as they were known at each commit."""

    KEY = ("product", "unit")
