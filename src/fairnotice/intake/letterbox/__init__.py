"""The doors for letters: LMTP, a pipe, an IMAP folder, files. Each only takes in; `intake.mail` reads."""
