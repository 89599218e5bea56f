"""The listener for laboratories' HL7 v2 messages: MLLP inside TLS, a client's certificate for each agreement.

Asynchronous around the connections, synchronous where a message is written; bounded in every direction.
"""
