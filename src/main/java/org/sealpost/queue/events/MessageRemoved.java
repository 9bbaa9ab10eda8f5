package org.sealpost.queue.events;

/** A message has no recipient left that waits, and is gone from the queue. */
public record MessageRemoved(String queueId) {}
