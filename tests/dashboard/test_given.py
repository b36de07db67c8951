"""Widgets that pages give values to are sent as changed only where the browser may have another value."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.dashboard.opening import AS_OF, Open


def _page() -> None:
    import streamlit as st

    from ccinsight.dashboard.session import given

    state = st.session_state
    given.begin(state.get("shown", "page"))
    given.give("colour", state.get("wanted", "red"), state.get("written", ""))
    st.selectbox("Colour", ["red", "blue"], key="colour")
    if state.get("breaks"):
        st.stop()
    given.end()


def _is_set(site: AppTest, **changes: str | bool) -> bool:
    for name, value in changes.items():
        site.session_state[name] = value
    (box,) = site.run().selectbox
    return bool(box.proto.set_value)


def test_a_value_is_set_twice_and_then_where_something_has_changed() -> None:
    site = AppTest.from_function(_page)
    assert [_is_set(site) for _run in range(4)] == [True, True, False, False]
    assert [_is_set(site, wanted="blue"), _is_set(site), _is_set(site)] == [True, True, False]
    assert site.selectbox(key="colour").value == "blue"
    # the browser has what the reader picked, the page goes on giving what it did
    site.selectbox(key="colour").set_value("red")
    assert [_is_set(site), site.selectbox(key="colour").value] == [True, "blue"]
    assert [_is_set(site), _is_set(site)] == [True, False]
    assert [_is_set(site, written="Blå"), _is_set(site), _is_set(site)] == [True, True, False]
    assert [_is_set(site, shown="another page"), _is_set(site), _is_set(site)] == [True, True, False]


def test_a_run_that_was_broken_off_lets_all_values_be_set_again() -> None:
    site = AppTest.from_function(_page)
    assert [_is_set(site) for _run in range(3)] == [True, True, False]
    assert not _is_set(site, breaks=True)
    assert [_is_set(site, breaks=False), _is_set(site), _is_set(site)] == [True, True, False]


def test_a_page_that_stops_early_leaves_its_lists_as_they_are(open_page: Open) -> None:
    site = open_page("customer", f"as-of={AS_OF}&language=en")
    site.button(key="open-filters").click().run()
    site.run().run()
    is_set = {box.key: box.proto.set_value for box in site.multiselect}
    assert "pick-customer" in is_set
    assert not any(is_set.values())


def test_a_filter_leaves_the_lists_of_the_page_as_they_are(open_page: Open) -> None:
    site = open_page("explore", f"as-of={AS_OF}&language=en")
    site.button(key="open-filters").click().run()
    site.run().run()
    manager = site.multiselect(key="pick-account-manager").options[0]
    site.multiselect(key="pick-account-manager").set_value([manager]).run()
    is_set = {box.key: box.proto.set_value for box in (*site.multiselect, *site.selectbox)}
    assert [key for key, value in is_set.items() if value] == ["pick-account-manager"]
    assert {"pick-customer", "explore-measures", "explore-rows", "from", "explore-figure"} <= is_set.keys()
    assert site.query_params["account-manager"] == manager
