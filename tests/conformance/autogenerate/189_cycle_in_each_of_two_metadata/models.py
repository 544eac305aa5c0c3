from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

sales = MetaData()
stock = MetaData()

for metadata, one, other in ((sales, "offer", "client"), (stock, "shelf", "item")):
    Table(one, metadata, Column("id", Integer, primary_key=True),
          Column("other_id", Integer, ForeignKey(other + ".id")))
    Table(other, metadata, Column("id", Integer, primary_key=True),
          Column("other_id", Integer, ForeignKey(one + ".id")))
