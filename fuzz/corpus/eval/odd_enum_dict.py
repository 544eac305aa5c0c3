import enum
enum.Enum('A',{1:2})
