import enum
enum.Enum('A',[(1,2),(3,4)])
