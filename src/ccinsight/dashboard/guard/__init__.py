"""Who a request comes from, and what is refused before Streamlit sees it."""

from ccinsight.dashboard.guard.gate import Gate, gate, install
from ccinsight.dashboard.guard.middleware import Guard

__all__ = ["Gate", "Guard", "gate", "install"]
