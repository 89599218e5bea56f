"""The made agencies that send to the hub: a laboratory, a vaccination site, a hospital, a gate, and one that reads.

Each is a process of its own (`server.py`) with its own key and agreement; it sends by the hub's own protocols, keeps
what it has sent until it is taken, and follows the change feed as far as its agreement lets it see.
"""
