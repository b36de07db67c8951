"""What all figures share."""

from ccinsight import charts, i18n
from ccinsight.charts import Palette


def test_backgrounds_are_transparent_and_numbers_follow_the_language() -> None:
    i18n.set_language("nb")
    layout = charts.empty(Palette.dark(), "Saker", "Ingen.").figure.layout
    assert (layout.paper_bgcolor, layout.plot_bgcolor) == ("rgba(0,0,0,0)", "rgba(0,0,0,0)")
    assert layout.separators == ",\N{NO-BREAK SPACE}"
