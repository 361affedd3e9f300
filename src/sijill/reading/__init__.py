"""Report to coded report."""
