"""Movement: places, visits, trips and checkpoint scans."""
