"""ccinsight: what the CloudCare CRM agreements are used for, when they fall due and what they earn."""

__version__ = "0.1.0"
