"""Texts are cut, wrapped and escaped."""

from ccinsight.charts import text


def test_long_names_are_cut_and_texts_wrapped() -> None:
    assert text.shortened("Fjord Blikk, Tak og Ventilasjon Holding AS") == "Fjord Blikk, Tak og Ven…"
    assert text.wrapped("Became known or unknown", 18) == "Became known or<br>unknown"


def test_a_name_beside_a_bar_has_two_lines_before_it_is_cut() -> None:
    assert text.in_two_lines("Berg Regnskap & Revisjon") == "Berg Regnskap &amp; Revisjon"
    assert text.in_two_lines("Fjord Blikk, Tak og Ventilasjon AS") == "Fjord Blikk, Tak og<br>Ventilasjon AS"
    assert text.in_two_lines("Vest Bil, Båt og Motor for Hordaland og Rogaland AS") == (
        "Vest Bil, Båt og Motor<br>for Hordaland og…"
    )


def test_names_of_files_are_no_markup() -> None:
    assert text.shortened("A <b> & Sønner") == "A &lt;b&gt; &amp; Sønner"
    assert text.in_two_lines("A <br> & Sønner") == "A &lt;br&gt; &amp; Sønner"
    assert text.escaped("<i>") == "&lt;i&gt;"


def test_a_title_counts_the_unknown_that_it_leaves_out() -> None:
    assert text.without_unknown("Value", 0) == "Value"
    assert text.without_unknown("Value", 3) == "Value (3 unknown left out)"
