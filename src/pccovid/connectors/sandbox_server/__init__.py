"""What the sandbox's agency servers share: real HTTP processes with faults to order.

    POST /sandbox/faults   [{"kind": "slow", "share": 0.1, "seconds": 2}, …] takes the place of what was ordered before
    GET  /sandbox/counts   how many questions came, by what became of them

They answer on this machine alone, and hold made people only.
"""
