from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlmodel import SQLModel

metadata = SQLModel.metadata

# tender -> quote -> order -> tender; order also refers to a table outside, which comes after it
# by name; two tables hang on the circle.
tender = Table(
    "tender", metadata,
    Column("id", Integer, primary_key=True),
    Column("quote_id", Integer, ForeignKey("quote.id", name="fk_tender_quote")),
)
quote = Table(
    "quote", metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, ForeignKey("order.id", name="fk_quote_order"), index=True),
)
order = Table(
    "order", metadata,
    Column("id", Integer, primary_key=True),
    Column("tender_id", Integer, ForeignKey("tender.id", name="fk_order_tender")),
    Column("zone_id", Integer, ForeignKey("zone.id", name="fk_order_zone")),
)
zone = Table("zone", metadata, Column("id", Integer, primary_key=True))
address = Table(
    "address", metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, ForeignKey("order.id")),
)
area = Table(
    "area", metadata,
    Column("id", Integer, primary_key=True),
    Column("address_id", Integer, ForeignKey("address.id")),
)
