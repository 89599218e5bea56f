"""Django's PostgreSQL backend, with a look at the connection that asks the server nothing."""
