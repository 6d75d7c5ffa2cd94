"""The runner of the outbox: letters by mail, each with a stable Message-ID, tried until they are gone."""
