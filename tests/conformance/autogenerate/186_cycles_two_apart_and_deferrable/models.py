from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlmodel import SQLModel

metadata = SQLModel.metadata


def pair(one, other):
    for name, target in ((one, other), (other, one)):
        Table(
            name, metadata,
            Column("id", Integer, primary_key=True),
            Column(
                "other_id", Integer,
                ForeignKey(target + ".id", deferrable=True, initially="DEFERRED"),
            ),
        )


pair("south", "north")
pair("east", "west")
Table("between", metadata, Column("id", Integer, primary_key=True),
      Column("north_id", Integer, ForeignKey("north.id")),
      Column("east_id", Integer, ForeignKey("east.id")))
# between lies on no circle, but in the middle of two
Table("south_of", metadata, Column("id", Integer, primary_key=True),
      Column("between_id", Integer, ForeignKey("between.id")))
