"""Reports as charts: tables in, Plotly figures out. Each function draws one chart and reads nothing else.

A ``Chart`` has the figure, its title and a text that tells its message. The title is not drawn in the figure:
a page writes it above, where it wraps on a phone; ``Chart.titled()`` draws it in, for a deck or a picture.
Figures are made for ``st.plotly_chart(chart.figure, theme=None, config=CONFIG)`` and take their colours from
a ``Palette``.
"""

from ccinsight.charts.customer.agreement_line import agreement_line
from ccinsight.charts.customer.peers import peers
from ccinsight.charts.customer.users import user_history
from ccinsight.charts.deadlines import deadline_line
from ccinsight.charts.explored import explored
from ccinsight.charts.figure import CONFIG, Chart, empty
from ccinsight.charts.leakage import differences
from ccinsight.charts.marks import Days, Mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.price_plan import plan_by_month
from ccinsight.charts.ranking import ranking
from ccinsight.charts.renewals import renewal_forecast, renewal_pipeline, value_at_renewal
from ccinsight.charts.revenue.groups import revenue_by, revenue_by_band
from ccinsight.charts.revenue.movements import (
    drivers_by_month,
    revenue_by_month,
    revenue_waterfall,
    waterfall_moves,
)
from ccinsight.charts.revenue.price_curve import price_curve
from ccinsight.charts.revenue.reasons import lost_by_reason
from ccinsight.charts.revenue.retention import cohort_customers, retention_trend
from ccinsight.charts.risk import auc_intervals, left_by_band, score_parts
from ccinsight.charts.status_meetings import meetings_by_month
from ccinsight.charts.utilization import channel_mix, tickets_by_month

__all__ = [
    "CONFIG",
    "Chart",
    "Days",
    "Mark",
    "Palette",
    "agreement_line",
    "auc_intervals",
    "channel_mix",
    "cohort_customers",
    "deadline_line",
    "differences",
    "drivers_by_month",
    "empty",
    "explored",
    "left_by_band",
    "lost_by_reason",
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
    "tickets_by_month",
    "user_history",
    "value_at_renewal",
    "waterfall_moves",
]
