"""The one official app for citizens, by journey: signing in, home, personal QR, records, who looked."""
