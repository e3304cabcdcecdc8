"""Charts drawn on the server: pure geometry here, one template each in `templates/ui/charts/`.

A page builds a chart from names and Decimal amounts and shows it with `{% chart obj %}`, or with its heading, sentence
and key through `ui/charts/figure.html`. Every chart holds two drawings, for desks and for phones; style sheets choose.
Amounts become Fractions and end as whole units of the drawing; no float touches money.
"""

from hamaynk.ui.charts.bars import Bar, BarChart, Reference, bars
from hamaynk.ui.charts.columns import Column, ColumnChart, columns
from hamaynk.ui.charts.frame import About, Chart, Table
from hamaynk.ui.charts.multiples import MultiplesChart, Panel, Point, multiples
from hamaynk.ui.charts.treemap import Share, TreemapChart, treemap

__all__ = [
    "About",
    "Bar",
    "BarChart",
    "Chart",
    "Column",
    "ColumnChart",
    "MultiplesChart",
    "Panel",
    "Point",
    "Reference",
    "Share",
    "Table",
    "TreemapChart",
    "bars",
    "columns",
    "multiples",
    "treemap",
]
