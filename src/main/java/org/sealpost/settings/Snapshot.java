package org.sealpost.settings;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value kept in memory until it is known to be old. Reads cost no lock; a load that fails leaves
 * nothing behind, so that what was removed never stays in force because its successor could not be
 * read.
 */
public final class Snapshot<T> {

    private final Supplier<T> loader;
    private volatile @Nullable T value;

    public Snapshot(Supplier<T> loader) {
        this.loader = loader;
    }

    /** The value, loaded when there is none. */
    public T get() {
        T known = value;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            known = value;
            if (known == null) {
                known = loader.get();
                value = known;
            }
            return known;
        }
    }

    /** Called after a commit: a load that began before it cannot overwrite this. */
    public synchronized void invalidate() {
        value = null;
    }
}
