#!/usr/bin/env python3
"""The keys of bench/console.sh, a line each: scrolling, searching, filtering, changing panes."""

SEARCH = "index item_7"
ROUND = [
    *["j"] * 60, *["k"] * 20, *["^D"] * 30, *["^U"] * 10, *["^F"] * 30, *["^B"] * 10,
    "G", *["k"] * 20, *["^B"] * 20, "g", *["l"] * 10, *["h"] * 10,
    "/", *SEARCH, "^M", *["n"] * 20, *["N"] * 10, "^[",
    "&", *"merge", "^M", *["j"] * 20, *["^F"] * 10, "G", "g", "&", "^M",
    "&", *"item_12", "^M", *["j"] * 10, "&", "^M",
    "2", *["j"] * 10, "3", *["j"] * 5, "x", "J", "J", "K", "6", "1", "7", *["j"] * 20, "1",
    "O", *["^F"] * 10, "O", "^I", "^I", "^I", "1", *["J"] * 5, "?", "j", "q", "t", "t", ",", ".",
    "f", "f", "f", "~", "~", "~",
]
print("\n".join(ROUND))
