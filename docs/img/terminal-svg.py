#!/usr/bin/env python3
"""Draws terminal output (stdin, with ANSI colours) as an SVG (stdout).

demo.svg is the head and the last over of:
    CLICOLOR_FORCE=1 vachak demo --speed max > demo.txt
    (sed -n 2,6p demo.txt; sed -n '/over 20/,/end of innings/p' demo.txt) | terminal-svg.py "vachak demo" > demo.svg
"""

import re
import sys
from html import escape

CELL, LINE, SIZE, PAD, BAR = 8.43, 19, 14, 18, 34
BACK, FORE = "#11151c", "#d5dae3"
NAMED = {
    0: "#11151c", 1: "#e0535f", 2: "#6fbf73", 3: "#d8a657", 4: "#6f9be0", 5: "#c38bd9", 6: "#5cc3c9", 7: "#d5dae3",
    8: "#7a8496", 9: "#ff6b76", 10: "#86d98a", 11: "#f2c970", 12: "#8db5f5", 13: "#dba6ee", 14: "#7fdbe0", 15: "#ffffff",
}


def runs(line):
    """Pieces of a line: text and how it looks."""
    look = {"fg": None, "bg": None, "bold": False, "dim": False, "under": False}
    at = 0
    for code in re.finditer(r"\x1b\[([0-9;]*)m", line):
        if code.start() > at:
            yield line[at:code.start()], dict(look)
        at = code.end()
        for number in (int(part or 0) for part in code.group(1).split(";")):
            if number == 0:
                look = {"fg": None, "bg": None, "bold": False, "dim": False, "under": False}
            elif number == 1:
                look["bold"] = True
            elif number == 2:
                look["dim"] = True
            elif number == 4:
                look["under"] = True
            elif 30 <= number <= 37:
                look["fg"] = number - 30
            elif 90 <= number <= 97:
                look["fg"] = number - 82
            elif 40 <= number <= 47:
                look["bg"] = number - 40
            elif 100 <= number <= 107:
                look["bg"] = number - 92
    if at < len(line):
        yield line[at:], dict(look)


def main():
    title = sys.argv[1] if len(sys.argv) > 1 else "vachak demo"
    lines = sys.stdin.read().rstrip("\n").split("\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    columns = max(len(line) for line in plain)
    width, height = round(columns * CELL + 2 * PAD), BAR + len(lines) * LINE + PAD
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" rx="9" fill="{BACK}"/>',
        *(f'<circle cx="{20 + 18 * i}" cy="17" r="5.5" fill="{c}"/>' for i, c in enumerate(("#ff6b76", "#f2c970", "#86d98a"))),
        f'<text x="{width / 2}" y="21" fill="#7a8496" font-family="sans-serif" font-size="12" text-anchor="middle">{escape(title)}</text>',
        f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" font-size="{SIZE}" fill="{FORE}">',
    ]
    for row, line in enumerate(lines):
        y, column = BAR + (row + 1) * LINE - 5, 0
        for text, look in runs(line):
            x, length = PAD + column * CELL, len(text) * CELL
            column += len(text)
            if look["bg"] is not None:
                out.append(f'<rect x="{x - 2:.1f}" y="{y - 14}" width="{length + 4:.1f}" height="{LINE - 1}" rx="3" fill="{NAMED[look["bg"]]}"/>')
            style = ""
            if look["fg"] is not None:
                style += f' fill="{NAMED[look["fg"]]}"'
            if look["bold"]:
                style += ' font-weight="bold"'
            if look["dim"]:
                style += ' opacity=".6"'
            if look["under"]:
                style += ' text-decoration="underline"'
            # Drawn piece by piece between wider gaps: renderers do not agree on keeping spaces.
            for piece in re.finditer(r"\S+(?: \S+)*", text):
                body, left = piece.group(), x + piece.start() * CELL
                out.append(
                    f'<text x="{left:.1f}" y="{y}" textLength="{len(body) * CELL:.1f}" lengthAdjust="spacingAndGlyphs"{style}>{escape(body)}</text>'
                )
    print("\n".join([*out, "</g>", "</svg>"]))


main()
