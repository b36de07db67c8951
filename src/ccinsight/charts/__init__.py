"""Reports as charts: tables in, Plotly figures out. Each function draws one chart and reads nothing else.

A ``Chart`` has the figure, its title and a text that tells its message. The title is not drawn in the figure:
a page writes it above, where it wraps on a phone; ``Chart.titled()`` draws it in, for a deck or a picture.
Figures are made for ``st.plotly_chart(chart.figure, theme=None, config=CONFIG)`` and take their colours from
a ``Palette``.
"""

from ccinsight.charts.base import CONFIG, Chart, Palette, empty
from ccinsight.charts.customer import agreement_line, ticket_spark, user_history
from ccinsight.charts.meetings import meetings_by_month
from ccinsight.charts.money import cohort_customers, differences, plan_by_month, renewal_forecast
from ccinsight.charts.renewals import deadline_line, renewal_pipeline, value_at_renewal
from ccinsight.charts.revenue import (
    drivers_by_month,
    price_curve,
    retention_trend,
    revenue_by,
    revenue_by_band,
    revenue_by_month,
    revenue_waterfall,
    waterfall_moves,
)
from ccinsight.charts.risk import auc_intervals, left_by_band, score_parts
from ccinsight.charts.use import channel_mix, hours_by_month, peers, ranking, tickets_by_month

__all__ = [
    "CONFIG",
    "Chart",
    "Palette",
    "agreement_line",
    "auc_intervals",
    "channel_mix",
    "cohort_customers",
    "deadline_line",
    "differences",
    "drivers_by_month",
    "empty",
    "hours_by_month",
    "left_by_band",
    "meetings_by_month",
    "peers",
    "plan_by_month",
    "price_curve",
    "ranking",
    "renewal_forecast",
    "renewal_pipeline",
    "retention_trend",
    "revenue_by",
    "revenue_by_band",
    "revenue_by_month",
    "revenue_waterfall",
    "score_parts",
    "ticket_spark",
    "tickets_by_month",
    "user_history",
    "value_at_renewal",
    "waterfall_moves",
]
