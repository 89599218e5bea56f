"""PcCovid: one official epidemic app for every citizen, and the hub that connects every agency's database."""
