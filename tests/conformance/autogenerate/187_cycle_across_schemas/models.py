from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlmodel import SQLModel

metadata = SQLModel.metadata

Table(
    "account", metadata,
    Column("id", Integer, primary_key=True),
    Column("invoice_id", Integer, ForeignKey("billing.invoice.id", name="fk_account_invoice")),
)
Table(
    "invoice", metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id", name="fk_invoice_account")),
    schema="billing",
)
