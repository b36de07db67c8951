"""Slides of one's own on the pages of status meetings: chosen for a visit, examined, used, and let go."""

import io
from pathlib import Path

from pptx import Presentation
from streamlit.testing.v1 import AppTest

from ccinsight.dashboard.session import keys
from ccinsight.documents.deck.own.reading import KNOWN
from tests.dashboard.opening import AS_OF, Open
from tests.documents.deck import own_templates

QUERY = f"as-of={AS_OF}&language=en&id=1002"


def _htmls(site: AppTest) -> str:
    return " ".join(element.proto.body for element in site.get("html"))


def _said(site: AppTest) -> str:
    """What is said, without the backslashes that keep a text's signs from being formatting."""
    shown = (element.value for kind in (site.info, site.error, site.caption) for element in kind)
    return " ".join(shown).replace("\\", "")


def _uploaded(site: AppTest, name: str, content: bytes) -> AppTest:
    return site.file_uploader(key="own-slides-file").upload(name, content).run()


def test_slides_are_examined_used_for_the_visit_and_let_go(open_page: Open, own_database: Path) -> None:
    site = open_page("meeting", QUERY, own_database)
    site.session_state["own-slides"] = True
    site.session_state["slides"] = True
    site = site.run()
    assert [name for name in KNOWN if f"{{{{{name}}}}}" not in _htmls(site)] == []

    wrong = Presentation()
    wrong.slides.add_slide(wrong.slide_layouts[5]).shapes.title.text = "{{arrr}}"
    site = _uploaded(site, "feil.pptx", own_templates.saved(wrong))
    assert "slide 1: {{arrr}} isn't known (is it {{arr}}?)" in _said(site)
    assert site.session_state[keys.OWN_SLIDES] is None

    site = _uploaded(site, "våre.pptx", own_templates.odd())
    assert not site.exception
    assert "Hidden slides are left out: 2." in _said(site) and "Decks are made on våre.pptx." in _said(site)
    assert "Til det skjulte" in _htmls(site) and "SKJULT" not in _htmls(site)

    # the several's page has them too, and lets go of them
    chosen = site.session_state[keys.OWN_SLIDES]
    several = open_page("status_meetings", QUERY, own_database)
    several.session_state[keys.OWN_SLIDES] = chosen
    several.session_state["own-slides"] = True
    several = several.run()
    one = next(each for each in several.multiselect if str(each.key).startswith("prepare-"))
    several = one.set_value(["1002"]).run().button(key="prepare").click().run()
    made = several.session_state[keys.MEETINGS_MADE]
    assert made.asked.template == chosen and not made.faults
    assert several.button(key="remove-own-slides").click().run().session_state[keys.OWN_SLIDES] is None
    assert io.BytesIO(made.content).read(2) == b"PK"
