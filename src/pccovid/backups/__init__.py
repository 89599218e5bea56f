"""Backups that forget: whoever destroys keys takes rows out of every copy, wherever it lies.

A backup is a folder of sealed files. Rows with a period are sealed by the day on which they are due to be erased,
under that backup's own key together with that day's; all else under the backup's key alone. The keys lie in a file of
their own, apart from the backups: a day's key is destroyed when the day has passed, a backup's when its life is over.
"""
