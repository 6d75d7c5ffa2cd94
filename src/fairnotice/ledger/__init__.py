"""What makes an act final: events, their entry into the transparency log, outbox rows, and the pages under
`/log/`."""
