"""How each machine interface is asked, and as whom: one module each, with a `DOOR`. See doors.py for what it says."""
