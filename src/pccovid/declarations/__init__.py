"""Health declarations: domestic, daily, for oneself or on behalf of somebody."""
