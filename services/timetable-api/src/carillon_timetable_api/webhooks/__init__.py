"""Changes sent to whoever subscribed: signed as Standard Webhooks says, in order, tried for a day, replayable."""
