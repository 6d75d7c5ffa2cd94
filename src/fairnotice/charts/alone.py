"""A picture as a file of its own, with its colours in it. Pure."""

from __future__ import annotations

import re
from typing import Final

from fairnotice.charts import frame

#: The site's own colours, written out: not every program that shows pictures knows variables.
STYLE: Final = """
svg{max-width:48rem;background:#fff;font-family:system-ui,Roboto,"Noto Sans","DejaVu Sans",sans-serif}
text{fill:#1c2226}.chart-label{font-size:13px}.chart-value{font-size:13px;font-weight:600}
.chart-note{font-size:12px;fill:#50585e}.chart-part{stroke:#0b4f6c;stroke-width:1}.chart-tone-0{fill:#0b4f6c}
.chart-tone-1,.chart-tone-2,.chart-tone-3,.chart-tone-4,.chart-tone-5,.chart-plate{fill:#fff}
.chart-hatch{fill:none;stroke:#0b4f6c;stroke-width:1.6}
.chart-grid{stroke:#c9c5ba;stroke-width:1}.chart-base{stroke:#6b6f73;stroke-width:1.5}
.chart-withheld{stroke:#6b6f73;stroke-width:1;stroke-dasharray:3 3}
.chart-line{fill:none;stroke:#0b4f6c;stroke-width:2}.chart-line-1,.chart-line-3{stroke:#1c2226}
[class^=chart-mark-]{fill:#0b4f6c;stroke:#fff;stroke-width:.8}.chart-mark-1,.chart-mark-3{fill:#1c2226}
@media(prefers-color-scheme:dark){svg{background:#1c2226}text{fill:#e9ecee}.chart-note{fill:#b4bdc3}
.chart-part,.chart-hatch,.chart-line{stroke:#93d1ee}.chart-tone-0{fill:#93d1ee}
.chart-tone-1,.chart-tone-2,.chart-tone-3,.chart-tone-4,.chart-tone-5,.chart-plate{fill:#1c2226}
.chart-grid{stroke:#465057}.chart-base,.chart-withheld{stroke:#8d979e}
.chart-line-1,.chart-line-3{stroke:#e9ecee}[class^=chart-mark-]{fill:#93d1ee;stroke:#1c2226}
.chart-mark-1,.chart-mark-3{fill:#e9ecee}}
""".replace("\n", "")


def alone(svg: str, heading: str, source: str) -> str:
    """The same `<svg>` for a file that no page's style sheet reaches: with its colours, a margin, a heading
    above and below where it is from."""
    found = re.search(r'viewBox="0 0 (\d+) ([\d.]+)"', svg)
    assert found is not None  # noqa: S101 - every picture has one
    high = float(found[2])
    above, tall = frame.block(heading, 0, 0, frame.WIDTH, frame.LABEL)
    below, deep = frame.block(source, 0, high, frame.WIDTH, frame.NOTE, "note")
    tall += 8
    view = f'viewBox="-12 {-tall - 8:.1f} {frame.WIDTH + 24} {high + tall + deep + 20:.1f}"'
    more = f'<style>{STYLE}</style><g transform="translate(0 {-tall:.1f})">{above}</g>{below}'
    return svg.replace(found[0], view, 1).replace(">", f">{more}", 1) + "\n"
