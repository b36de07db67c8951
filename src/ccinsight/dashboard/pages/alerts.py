"""What a recipient is alerted to: the conditions, for how many each holds now, a new one, and the end of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from ccinsight.clock import now, today
from ccinsight.dashboard.pages.delivery import require_may_change
from ccinsight.dashboard.session import keys, reads
from ccinsight.dashboard.widgets import layout
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, language, ngettext, number, set_language
from ccinsight.integrations.delivery.alerts import holding
from ccinsight.integrations.delivery.recipients import Recipient, recipients
from ccinsight.integrations.delivery.subscribing import channels, recipient_at, subscribe
from ccinsight.integrations.delivery.subscriptions import MAIL, Event, Subscription, Subscriptions, webhook_of
from ccinsight.rules.alert_rules import AlertRule, Subject, alert_rules
from ccinsight.rules.alerts import Figures

_SHOWN = 50
_RULE, _CUSTOMER, _THRESHOLD, _CHANNEL = "alert-rule", "alert-customer", "alert-threshold", "alert-channel"


def show(recipient: Recipient | None) -> None:
    """The alerts of a recipient, whom the reader may change. Nothing where no messages go to anybody."""
    if recipient is None:
        return
    layout.section(_("What is {name} alerted to?").format(name=recipient.reader.name or recipient.address))
    said = st.session_state.pop(keys.ALERT_RESULT, None)
    if isinstance(said, CcinsightError):
        layout.failed(said)
    database = reads.database_path()
    try:
        rules = alert_rules(database)
    except CcinsightError as error:  # a fault in a partner's alerts.toml; the rest of the page is of use
        layout.failed(error)
        return
    if isinstance(said, Subscription) and said.reader_key == recipient.key:
        _show_removed(said, rules)
    subscriptions = Subscriptions(database)
    own = subscriptions.of(recipient.key)
    if not own:
        layout.nothing(
            _("No alert is set up. An alert is sent once when it begins to hold, and once when it ends.")
        )
    events = subscriptions.open_events([each.alert_id for each in own])
    names = reads.choices(recipient.reader).customers
    for each in own:
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"alert-{each.alert_id}"
        ):
            st.markdown(_line(each, rules, names, events), width="stretch")
            st.button(
                _("Remove"),
                key=f"alert-remove-{each.alert_id}",
                on_click=_remove,
                args=(each.alert_id, recipient.key, language()),
            )
    if own and (opened := layout.fold_on_demand(_("What holds today, sent or not"), "alerts-holding")):
        with opened:
            _show_holding(recipient, rules, own)
    with st.popover(_("New alert"), icon=":material/add_alert:"):
        _show_new(recipient, rules, names)


def _show_removed(removed: Subscription, rules: Mapping[str, AlertRule]) -> None:
    rule = rules.get(removed.rule)
    text = _("The alert “{title}” is removed.").format(title=rule.title if rule else removed.rule)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="alert-removed"):
        st.markdown(layout.plain(text), width="stretch")
        st.button(
            _("Undo"),
            key="alert-undo",
            icon=":material/undo:",
            on_click=_undo,
            args=(removed.alert_id, removed.reader_key, language()),
        )


def _line(
    each: Subscription, rules: Mapping[str, AlertRule], names: Mapping[str, str], events: list[Event]
) -> str:
    rule = rules.get(each.rule)
    if rule is None:
        return layout.plain(_("There is no rule {rule} any more.").format(rule=each.rule))
    held = sum(event.alert_id == each.alert_id for event in events)
    webhook = webhook_of(each.channel)
    parts = [
        rule.labelled(each.threshold),
        _("all customers")
        if each.customer_id is None and rule.subject is not Subject.DATABASE
        else names.get(each.customer_id or "", each.customer_id or ""),
        _("by mail") if webhook is None else _("to the webhook {name}").format(name=webhook),
        ngettext("reported for {count}", "reported for {count}", held).format(count=number(held))
        if held
        else "",
    ]
    return f"**{layout.plain(rule.title)}**  \n" + layout.plain(" · ".join(part for part in parts if part))


def _show_holding(recipient: Recipient, rules: Mapping[str, AlertRule], own: Sequence[Subscription]) -> None:
    """A line for each customer, agreement or ticket for which one of the alerts holds."""
    figures = Figures(reads.warehouse(), recipient.reader, today(), reads.marks().rows())
    lines = [line for found in holding(figures, rules, own).values() for line in found]
    for line in lines[:_SHOWN]:
        st.markdown(
            f"**{layout.plain(line.title)}** · {layout.plain(line.name)}  \n{layout.plain(line.text)}"
        )
    rest = len(lines) - _SHOWN
    if rest > 0:
        layout.note(ngettext("and {count} more", "and {count} more", rest).format(count=number(rest)))
    if not lines:
        layout.nothing(_("None of the alerts holds."))


def _show_new(recipient: Recipient, rules: Mapping[str, AlertRule], names: Mapping[str, str]) -> None:
    name = st.selectbox(_("Alert"), list(rules), format_func=lambda each: rules[each].title, key=_RULE)
    if name is None:
        layout.note(_("alerts.toml has no rule."))
        return
    rule = rules[name]
    if rule.threshold is not None:
        proposed = rule.typed(rule.threshold)
        unit = "%" if rule.unit == "%" else rule.unit
        st.text_input(
            _("Threshold ({unit})").format(unit=unit) if unit else _("Threshold"),
            placeholder="" if proposed is None else f"{proposed.normalize():f}",
            key=_THRESHOLD,
        )
    if rule.subject is not Subject.DATABASE:
        st.selectbox(
            _("For which customer"),
            [None, *names],
            format_func=lambda each: _("all customers") if each is None else names[each],
            key=_CUSTOMER,
        )
    ways = channels(reads.database_path(), recipient)
    if len(ways) > 1:
        st.selectbox(
            _("How"),
            ways,
            format_func=lambda way: _("by mail") if way == MAIL else webhook_of(way) or way,
            key=_CHANNEL,
        )
    st.button(
        _("Set up the alert"),
        key="alert-add",
        type="primary",
        icon=":material/add_alert:",
        on_click=_add,
        args=(recipient.key, language()),
    )


def _add(key: str, in_language: str) -> None:
    set_language(in_language)  # a callback runs before the page has set one
    session, database = st.session_state, reads.database_path()
    try:
        require_may_change(key)
        subscribe(
            reads.warehouse(),
            recipient_at(recipients(database, today()), key),
            session[_RULE],
            customer_id=session.get(_CUSTOMER),
            threshold=session.get(_THRESHOLD) or "",
            channel=session.get(_CHANNEL) or MAIL,
            today=today(),
            at=now(),
        )
    except CcinsightError as error:
        session[keys.ALERT_RESULT] = error


def _remove(alert_id: int, key: str, in_language: str) -> None:
    set_language(in_language)
    try:
        require_may_change(key)
        removed = Subscriptions(reads.database_path()).remove(alert_id, now(), reader_key=key)
        st.session_state[keys.ALERT_RESULT] = removed
    except CcinsightError as error:
        st.session_state[keys.ALERT_RESULT] = error


def _undo(alert_id: int, key: str, in_language: str) -> None:
    set_language(in_language)
    try:
        require_may_change(key)
        Subscriptions(reads.database_path()).undo_removal(alert_id, reader_key=key)
    except CcinsightError as error:
        st.session_state[keys.ALERT_RESULT] = error
