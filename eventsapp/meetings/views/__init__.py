"""Pages of the meetings slice, one blueprint a noun."""
