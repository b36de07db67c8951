"""Finding customers and whatever else, filters in sight, and my customers: as an account manager on the phone does."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import accessibility
from tests.browser.reading import PHONE, OpenPage, filters_in_force, open_filters, settled

AS_OF, MANAGER = "2026-11-01", "Ingrid Lægreid"
OF_MANAGER = "account-manager=Ingrid+L%C3%A6greid"


def _dialog(page: Page) -> Locator:
    return page.locator("dialog.finder")


def _options(page: Page) -> Locator:
    return _dialog(page).get_by_role("option")


def _heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def _arrived(page: Page, customer: str) -> None:
    expect(page).to_have_url(re.compile(rf"/customer\?.*\bid={customer}\b"))
    expect(_dialog(page)).to_be_hidden()
    settled(page)


def test_a_second_customer_on_the_phone_takes_three_keys_and_a_click(open_page: OpenPage) -> None:
    page = open_page(f"/customer?id=1002&as-of={AS_OF}&language=en", size=PHONE)
    first = _heading(page)

    for key in "/se":
        page.keyboard.press(key)
    option = _options(page).filter(has_text="customer 1145")
    name = option.inner_text().splitlines()[0]
    option.click()

    _arrived(page, "1145")
    assert _heading(page) == name != first
    page.go_back()
    _arrived(page, "1002")
    assert _heading(page) == first


def test_a_thumb_finds_a_customer_too(open_page: OpenPage) -> None:
    page = open_page(f"/deadlines?as-of={AS_OF}&language=en", size=PHONE)

    page.get_by_test_id("stMain").get_by_role("button", name="Find").click()
    _dialog(page).get_by_role("combobox").fill("A-1145")
    _options(page).first.click()

    _arrived(page, "1145")


def test_the_keyboard_alone_leads_to_a_customer_and_back_to_the_same_deadlines(open_page: OpenPage) -> None:
    page = open_page(f"/deadlines?as-of={AS_OF}&{OF_MANAGER}&language=en")
    before, title = page.url, _heading(page)

    page.keyboard.press("/")
    expect(_dialog(page).get_by_role("combobox")).to_be_focused()
    page.keyboard.type("økonomi")
    page.keyboard.press("ArrowDown")
    chosen = _dialog(page).locator("[aria-selected=true]")
    customer = re.search(r"customer (\d+)", chosen.inner_text())
    assert customer is not None
    assert _dialog(page).get_by_role("combobox").get_attribute(
        "aria-activedescendant"
    ) == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    _arrived(page, customer[1])

    page.go_back()  # Alt and the left arrow, which a headless browser ignores
    expect(page).to_have_url(before)
    settled(page)
    assert _heading(page) == title
    expect(filters_in_force(page)).to_have_text([re.compile(MANAGER)])


def test_customers_are_found_by_every_number_and_those_without_an_agreement_come_last(
    open_page: OpenPage,
) -> None:
    page = open_page(f"/?as-of={AS_OF}&language=en")
    page.keyboard.press("/")
    box = _dialog(page).get_by_role("combobox")
    box.fill("1145")
    expect(_options(page).first).to_contain_text("customer 1145")
    organisation = re.search(r"org. no. (\d{9})", _options(page).first.inner_text())
    assert organisation is not None
    digits = organisation[1]

    for typed in (f"{digits[:3]} {digits[3:6]} {digits[6:]}", "A-1145"):
        box.fill(typed)
        expect(_options(page).first).to_contain_text("customer 1145")

    box.fill("10")
    texts = _options(page).all_inner_texts()
    without = ["no agreement" in text for text in texts]
    assert without == sorted(without)

    box.fill("nobody is called this")
    expect(_options(page)).to_have_count(0)
    expect(_dialog(page).get_by_role("status")).to_contain_text("Nothing fits")
    page.keyboard.press("Escape")
    expect(_dialog(page)).to_be_hidden()


def test_pages_figures_and_settings_are_found_by_words_as_people_say_them(open_page: OpenPage) -> None:
    page = open_page(f"/?as-of={AS_OF}&language=nb&{OF_MANAGER}")
    page.keyboard.press("/")
    box = _dialog(page).get_by_role("combobox")
    for typed, kind, found in (
        ("hvem ringer mest", "Tabeller", "Kontakter"),
        ("mest ringer hvem", "Tabeller", "Kontakter"),  # in any order
        ("oppsigelsesfrist", "Sider", "Frister"),
        ("opsigelsesfrist", "Sider", "Frister"),  # with a slip
        ("TERMINATION deadl", "Sider", "Frister"),
        ("mva", "Tabeller", "Fakturalinjer"),
        ("prisokning", "Sider", "Prisendring"),  # without æøå
        ("årsverdi", "Tall", "Årlig gjentakende inntekt (ARR)"),
        ("when must we notify of a price", "Tall", "Prisvarsler"),
        ("bokmål", "Innstillinger", "Språk"),
    ):
        box.fill(typed)
        option = _dialog(page).get_by_role("group", name=kind).get_by_role("option").first
        expect(option).to_contain_text(found)
    assert accessibility.findings(page) == []

    box.fill("hvem ringer mest")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/utilization"))
    settled(page)
    expect(page.get_by_role("tab", name="Ringer mest")).to_have_attribute("aria-selected", "true")
    expect(filters_in_force(page)).to_have_text([re.compile(MANAGER)])

    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.keyboard.press("/")
    box.fill("lagre visning")
    _options(page).first.click()
    expect(page.get_by_role("button", name="Lagre visning")).to_be_visible()


def test_the_key_is_text_in_a_field(open_page: OpenPage) -> None:
    page = open_page(f"/?as-of={AS_OF}&language=en")
    open_filters(page)
    field = page.get_by_role("combobox", name="Customer")
    field.press_sequentially("a/s")

    expect(field).to_have_value("a/s")
    expect(_dialog(page)).to_be_hidden()


def test_each_filter_can_be_taken_off_where_it_is_seen_and_all_at_once(open_page: OpenPage) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&{OF_MANAGER}&user-band=5-9&customer=1002&language=en")
    expect(filters_in_force(page)).to_have_count(3)

    filters_in_force(page, "user-band").click()
    expect(filters_in_force(page)).to_have_count(2)
    expect(page).not_to_have_url(re.compile("user-band"))
    assert "customer=1002" in page.url

    page.get_by_role("button", name="Reset all").click()
    expect(filters_in_force(page)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("customer=|account-manager="))
    settled(page)
    assert _heading(page) == _heading(open_page(f"/renewals?as-of={AS_OF}&language=en"))


def test_my_customers_are_remembered_over_a_new_session(open_page: OpenPage) -> None:
    page = open_page("/deadlines?language=en")
    open_filters(page)
    page.get_by_role("combobox", name="I am the account manager").click()
    page.get_by_role("option", name=MANAGER).click()
    expect(filters_in_force(page)).to_have_text([re.compile(f"My customers: {MANAGER}")])
    settled(page)

    again = page.context.new_page()
    again.goto(page.url.partition("?")[0] + "?language=en")
    expect(filters_in_force(again)).to_have_text([re.compile(f"My customers: {MANAGER}")])
    settled(again)
    filters_in_force(again).click()  # one click to all
    expect(filters_in_force(again)).to_have_count(0)
    again.get_by_role("button", name="My customers").click()
    expect(filters_in_force(again)).to_have_count(1)

    # a colleague's link shows what the colleague sees
    again.goto(page.url.partition("?")[0] + f"?as-of={AS_OF}&language=en")
    expect(again.get_by_role("button", name="My customers", exact=True)).to_be_visible()
    expect(filters_in_force(again)).to_have_count(0)
