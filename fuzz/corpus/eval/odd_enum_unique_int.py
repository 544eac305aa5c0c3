import enum
enum.unique(5)
