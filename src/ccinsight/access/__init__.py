"""Who a reader is, and which customers they may see."""

from ccinsight.access.customers import visible_customers
from ccinsight.access.reader import SEES_ALL, Reader, Right

__all__ = ["SEES_ALL", "Reader", "Right", "visible_customers"]
