"""The X-Road message protocol for REST (PR-REST 1.0), the consumer's side, and a security server for the sandbox.

What of the protocol is held, point by point: tests/integration/connectors/test_xroad_protocol.py.
"""
