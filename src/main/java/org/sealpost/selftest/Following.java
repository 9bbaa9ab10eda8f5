package org.sealpost.selftest;

/** Somebody watches until this is closed. */
@FunctionalInterface
public interface Following extends AutoCloseable {

    @Override
    void close();
}
