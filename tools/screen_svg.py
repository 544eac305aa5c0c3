#!/usr/bin/env python3
"""A terminal screen as a picture: reads what `tmux capture-pane -pe` prints, writes an SVG.

usage: tmux capture-pane -pe -t NAME | screen_svg.py COLUMNS ROWS >picture.svg
"""
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

CELL_W, CELL_H, PAD = 8.4, 18, 10
PALETTE = ["#1d1f21", "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#c5c8c6",
           "#666970", "#d54e53", "#b9ca4a", "#e7c547", "#7aa6da", "#c397d8", "#70c0b1", "#eaeaea"]
FOREGROUND, BACKGROUND = "#c5c8c6", "#1d1f21"
SEQUENCE = re.compile(r"\x1b\[([0-9;:]*)m|\x1b\(.|\x0e|\x0f")


def palette(n):
    """The colour of one of the 256 that xterm has."""
    if n < 16:
        return PALETTE[n]
    if n < 232:
        n -= 16
        levels = [0, 95, 135, 175, 215, 255]
        return "#%02x%02x%02x" % (levels[n // 36], levels[n // 6 % 6], levels[n % 6])
    return "#%02x%02x%02x" % ((8 + 10 * (n - 232),) * 3)


class Style:
    def __init__(self):
        self.reset()

    def reset(self):
        self.fg = self.bg = None
        self.bold = self.dim = self.underline = self.reverse = False

    def apply(self, text):
        codes = [int(c or 0) for c in re.split("[;:]", text)] if text else [0]
        while codes:
            c = codes.pop(0)
            if c == 0:
                self.reset()
            elif c == 1:
                self.bold = True
            elif c == 2:
                self.dim = True
            elif c == 4:
                self.underline = True
            elif c == 7:
                self.reverse = True
            elif c == 22:
                self.bold = self.dim = False
            elif c == 24:
                self.underline = False
            elif c == 27:
                self.reverse = False
            elif 30 <= c <= 37 or 90 <= c <= 97:
                self.fg = PALETTE[c - 30 if c < 90 else c - 82]
            elif 40 <= c <= 47 or 100 <= c <= 107:
                self.bg = PALETTE[c - 40 if c < 100 else c - 92]
            elif c == 39:
                self.fg = None
            elif c == 49:
                self.bg = None
            elif c in (38, 48) and len(codes) >= 2 and codes[0] == 5:
                color = palette(codes[1])
                del codes[:2]
                if c == 38:
                    self.fg = color
                else:
                    self.bg = color

    def colors(self):
        fg, bg = self.fg or FOREGROUND, self.bg or BACKGROUND
        return (bg, fg) if self.reverse else (fg, bg)


def cells(line):
    """(character, width, style) of each cell of a captured line."""
    at = 0
    while at < len(line):
        m = SEQUENCE.match(line, at)
        if m:
            if m.group(1) is not None:
                STYLE.apply(m.group(1))
            at = m.end()
            continue
        ch = line[at]
        width = 0 if unicodedata.combining(ch) else 2 if unicodedata.east_asian_width(ch) in "WF" else 1
        yield ch, width, STYLE.colors() + (STYLE.bold, STYLE.dim, STYLE.underline)
        at += 1


STYLE = Style()


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    width, height = columns * CELL_W + 2 * PAD, rows * CELL_H + 2 * PAD
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
          f'viewBox="0 0 {width:g} {height:g}" font-family="DejaVu Sans Mono, Menlo, Consolas, '
          f'monospace" font-size="14">')
    print(f'<rect width="100%" height="100%" rx="6" fill="{BACKGROUND}"/>')
    for row, line in enumerate(sys.stdin.read().split("\n")[:rows]):
        x, runs = 0, []
        for ch, w, style in cells(line):
            if runs and runs[-1][1] == style:
                runs[-1][2].append(ch)
            else:
                runs.append([x, style, [ch]])
            x += w
        y = PAD + row * CELL_H
        for (start, (fg, bg, bold, dim, underline), text), end in zip(runs, [r[0] for r in runs[1:]] + [x]):
            left, text = PAD + start * CELL_W, "".join(text)
            if bg != BACKGROUND:
                print(f'<rect x="{left:g}" y="{y:g}" width="{(end - start) * CELL_W:g}" '
                      f'height="{CELL_H}" fill="{bg}"/>')
            if text.strip():
                extra = (' font-weight="bold"' if bold else "") + (' opacity="0.6"' if dim else "") + (
                    ' text-decoration="underline"' if underline else "")
                print(f'<text x="{left:g}" y="{y + 13.5:g}" fill="{fg}"{extra} xml:space="preserve" '
                      f'textLength="{(end - start) * CELL_W:g}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>')
    print("</svg>")


main()
