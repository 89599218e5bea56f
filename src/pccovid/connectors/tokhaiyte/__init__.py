"""tokhaiyte.vn / Vietnam Health Declaration: domestic, entry and movement forms, and the vendor's mapping files."""
