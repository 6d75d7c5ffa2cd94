"""What a stranger's file is, and a harmless picture or text of it. Pure: no database, settings or network.

`eyes.Eyes` does it in a process with limits, which is how files of strangers are looked at.
"""
