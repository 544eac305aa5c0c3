x = "é"
naïve = 1
