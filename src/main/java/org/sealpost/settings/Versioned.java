package org.sealpost.settings;

/**
 * A value with the version it was read at, for {@code ETag} and {@code If-Match}.
 *
 * @param version grows with every change
 */
public record Versioned<T>(T value, long version) {}
