"""Linking the whole index anew beside what stands: shadows, their approval, the swap, the way back, models in force.

A shadow is what another model or another guard would make of every source record. It changes nothing that anybody
sees until two stewards have approved it and it is swapped in, in one transaction.
"""
