package org.sealpost.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Forces a folder's entries to disk; callers that wait meanwhile share the next force. */
final class FolderForce {

    private final Map<Path, Group> groups = new ConcurrentHashMap<>();
    private final Force force;

    FolderForce() {
        this(FolderForce::forceNow);
    }

    FolderForce(Force force) {
        this.force = force;
    }

    /** Makes a folder's entries durable. */
    @FunctionalInterface
    interface Force {
        void force(Path folder) throws IOException;
    }

    private static void forceNow(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Returns when everything that was renamed into or removed from the folder is on disk. */
    void force(Path folder) throws IOException {
        groups.computeIfAbsent(folder, Group::new).force();
    }

    private final class Group {
        private final Path folder;
        private final ReentrantLock turn = new ReentrantLock();
        private long requested;
        private long forced;
        private long failed;

        Group(Path folder) {
            this.folder = folder;
        }

        void force() throws IOException {
            long mine;
            synchronized (this) {
                mine = ++requested;
            }
            turn.lock();
            try {
                long upTo;
                synchronized (this) {
                    if (failed >= mine) {
                        throw new IOException("the folder " + folder + " could not be forced");
                    }
                    if (forced >= mine) {
                        return;
                    }
                    upTo = requested;
                }
                try {
                    force.force(folder);
                } catch (IOException e) {
                    // Whoever shared this force must not be told "ok" by the next one: what failed
                    // to reach the disk may be forgotten by then.
                    synchronized (this) {
                        failed = upTo;
                    }
                    throw e;
                }
                synchronized (this) {
                    forced = upTo;
                }
            } finally {
                turn.unlock();
            }
        }
    }
}
