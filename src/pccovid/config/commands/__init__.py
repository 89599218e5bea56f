"""The commands of `pccovid`, by what they are about."""
