"""Which columns of a report stand in a table at first, at most eight; the others can be switched on."""

from __future__ import annotations

from ccinsight.i18n import N_

# Table → columns. A report shown in two ways has a key of its own for the second.
FIRST: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "agreements": """
            customer_name account_manager state renewal_on registered_users invoiced_users
            rate annual_value
        """,
        "behind_curve": """
            customer_name agreement_id account_manager complexity price_basis invoiced_users rate annual_value
        """,
        "own_agreements": """
            agreement_id state renewal_on price_notice_deadline termination_deadline invoiced_users rate
            annual_value
        """,
        "last_periods": "agreement_id period_start period_end users_on_start invoiced_users rate annual_value",
        "unrated": "customer_name agreement_id product complexity price_basis registered_users period_start",
        "agreement_periods": """
            agreement_id period_start period_end users_on_start invoiced_users rate annual_value price_source
        """,
        "consulting": "billable_minutes hourly_rate expected invoiced difference discount_value unpriced_lines",
        "contacts": "customer_name contact tickets minutes share_of_customer",
        "own_contacts": "contact tickets minutes share_of_customer",
        "customers": """
            customer_name account_manager user_band registered_users agreements annual_value state partner
        """,
        "data_problems": "export key customer_id detail",
        "data_quality": "check rows example",
        "common_quality": "check rows example",
        "deadlines": "due_on customer_name kind act_by account_manager days_left annual_value",
        "information": "due_on customer_name kind price_notice_state account_manager days_left annual_value",
        "open_tickets": "ticket_id opened_at days_open title status category severity",
        "own_deadlines": "due_on act_by kind price_notice_state agreement_id days_left annual_value",
        "duties": "last_day customer_name account_manager detail value last_working_day days_left agreement_id",
        "first_duties": "last_day kind customer_name account_manager value last_working_day days_left",
        "closed_duties": "closed_on kind state customer_name closed_by note value account_manager",
        "imports": "imported_at export name rows_read rows_good rows_rejected warnings",
        "invoice_lines": "issued_on kind agreement_id period_start quantity unit_price amount",
        "invoicing": "agreement_id period_start kind expected invoiced difference",
        "meetings_list": "kind planned_on held_on note",
        "renewals": "renewal_on customer_name account_manager renewal_status users_now value_now value_next",
        "own_renewals": """
            agreement_id renewal_on renewal_status value_now seats_change price_change value_next
        """,
        "response": "class tickets replied median_hours p90_hours overtaken",
        "revenue_by_user_band": "user_band agreements customers users revenue revenue_per_user unpriced_users",
        "revenue_movements": "month start new expansion contraction price_change churn end",
        "silent": "customer_name account_manager user_band registered_users tickets_before licence_use",
        "status_meetings": """
            best_before customer_name account_manager status period_start period_end missed_periods
        """,
        "all_meetings": """
            customer_name account_manager status best_before held_on planned_on period_end missed_periods
        """,
        "own_meetings": "agreement_id period_start period_end status best_before missed_periods",
        "ticket_list": "opened_at title category channel status first_reply_at minutes_spent is_covered",
        "tickets_by_category": "category scope is_access_down tickets tickets_before minutes",
        "tickets_by_channel": "channel tickets support training consulting minutes",
        "tickets_by_month": "month tickets support training consulting access_down not_covered minutes",
        "user_history": "counted_on registered_users active_users available_licences",
        "utilization": """
            customer_name user_band registered_users licence_use contact_rate tickets tickets_per_user
            percentile
        """,
        "warnings": "imported_at export name text",
        "movement_customers": "month customer_name account_manager amount",
        "new_customers": "month movement customer_name account_manager amount",
        "lost_agreements": "month customer_name account_manager agreement_id terminated_by amount reason reason_note",
        "renewals_compared": """
            renewal_on customer_name agreement_id renewal_status value_now forecast_value renewed_value went_on
        """,
        "drivers": "month expansion contraction price_change",
        "retention": "as_of customers_then customers_unknown revenue_then revenue_now nrr grr logo_churn",
        "unbilled": "customer_name agreement_id period_start kind expected invoiced difference",
        "overbilled": "customer_name agreement_id period_start kind expected invoiced difference",
        "unknown": "customer_name agreement_id period_start kind users rate invoiced",
        "users_billed": """
            customer_name agreement_id registered_users invoiced_users billed_users users_difference
            difference_value
        """,
        "all_consulting": """
            customer_name billable_minutes hourly_rate expected invoiced difference discount_value unpriced_lines
        """,
        "consulting_lines": "done_on source line_key line_text billable_minutes hourly_rate expected invoiced",
        "agreement_history": """
            period_start agreement_id users_on_start rate price_version expected invoiced annual_value
        """,
        "coming_periods": "period_start agreement_id users_on_start rate price_version annual_value",
        "opened_renewals": """
            renewal_on customer_name agreement_id renewal_status users_now value_now value_next
        """,
        "missed": "customer_name agreement_id renewal_on missed_version users_next missed_price_change",
        "renewal_forecast": """
            month agreements certain_value open_value open_weighted ending_value value_unknown
        """,
        "renewal_rates": """
            user_band due renewed renewal_rate value_due value_renewed value_renewal_rate
        """,
        "mailing": """
            act_by customer_name account_manager first_renewal_on new_rate change
        """,
        "letters": """
            act_by customer_name renewal_on new_rate change effect
        """,
        "sent_letters": """
            sent_on customer_name agreement_id product valid_from renewal_on recorded_by recorded_at
        """,
        "late": "notify_by customer_name account_manager first_renewal_on reached_on users lost",
        "direct": "first_renewal_on customer_name account_manager price_source new_rate change",
        "whole_plan": "notify_by customer_name first_renewal_on reached_on users change lost",
    }.items()
}

# Table → columns whose sum makes sense.
TOTALS: dict[str, tuple[str, ...]] = {
    "agreements": ("annual_value",),
    "behind_curve": ("annual_value",),
    "own_agreements": ("annual_value",),
    "customers": ("agreements", "annual_value"),
    "imports": ("rows_read", "rows_good", "rows_rejected"),
    "invoicing": ("expected", "invoiced", "difference"),
    "renewals": ("value_now", "value_next", "missed_price_change"),
    "revenue_by_user_band": ("agreements", "users", "revenue", "unpriced_users"),
    "tickets_by_category": ("tickets", "minutes"),
    "tickets_by_channel": ("tickets", "minutes"),
    "tickets_by_month": ("tickets", "minutes"),
    "utilization": ("tickets",),
    "movement_customers": ("amount",),
    "new_customers": ("amount",),
    "lost_agreements": ("amount",),
    "renewals_compared": ("value_now", "forecast_value", "renewed_value"),
    "drivers": ("expansion", "contraction", "price_change"),
    "unbilled": ("difference",),
    "overbilled": ("difference",),
    "users_billed": ("users_difference", "difference_value"),
    "all_consulting": ("expected", "invoiced", "difference", "discount_value", "unpriced_lines"),
    "consulting_lines": ("expected", "invoiced"),
    "agreement_history": ("expected", "invoiced", "difference"),
    "opened_renewals": ("value_now", "value_next", "missed_price_change"),
    "missed": ("missed_price_change",),
    "renewal_forecast": ("certain_value", "open_value", "open_weighted", "ending_value", "value_unknown"),
    "renewal_rates": ("due", "renewed"),
    "mailing": ("change",),
    "letters": ("change",),
    "late": ("lost",),
    "direct": ("change",),
    "whole_plan": ("change", "lost", "lost_by_waiting"),
}

# Table → what its files are called, where that isn't the title of its report: no two tables of a page share a name.
TITLES: dict[str, str] = {
    "after_end": N_("Invoiced after the end of the agreement"),
    "behind_curve": N_("Agreements chosen in the chart"),
    "closed_duties": N_("Closed duties"),
    "common_quality": N_("Data quality, of no single customer"),
    "direct": N_("Price change, to agree with the customer"),
    "drivers": N_("Users and price"),
    "information": N_("Dates for information"),
    "late": N_("Price change, too late for the first renewal"),
    "mailing": N_("Price change, to be notified"),
    "missed": N_("Prices announced too late"),
    "new_customers": N_("New customers"),
    "overbilled": N_("Billed too much"),
    "silent": N_("Customers without tickets"),
    "unbilled": N_("Not billed"),
    "unknown": N_("Can't be computed"),
    "unrated": N_("Agreements with an unknown rate"),
}
