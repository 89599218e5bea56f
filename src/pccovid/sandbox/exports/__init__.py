"""What each earlier app would have recorded about a made person, row by row, in the formats of exports.md."""
