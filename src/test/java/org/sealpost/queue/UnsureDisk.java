package org.sealpost.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of which it is known what was forced to disk. It makes images of what a power cut may
 * leave: of every name that was made, moved or removed without a force the old or the new state, in
 * no order; of every block that was written without a force the old one, the new one or zeros.
 */
final class UnsureDisk {

    private static final int BLOCK = 64;

    private final Path live;

    /** A second name for each file, or a new file could get a removed one's inode. */
    private final Path kept;

    private final Map<Object, byte[]> forcedBytes = new HashMap<>();
    private final Map<Path, Map<String, Object>> forcedNames = new HashMap<>();

    UnsureDisk(Path live, Path kept) {
        this.live = live;
        this.kept = kept;
    }

    void forced(Path file) throws IOException {
        keep(file);
        forcedBytes.put(inode(file), Files.readAllBytes(file));
    }

    void forcedNames(Path folder) throws IOException {
        forcedNames.put(folder, names(folder));
    }

    private void keep(Path file) throws IOException {
        Path second = kept.resolve(inode(file).toString());
        if (!Files.exists(second)) {
            Files.createLink(second, file);
        }
    }

    /** Writes what may be left now into an empty folder. */
    void image(Path target, Random random) throws IOException {
        for (Path folder : folders()) {
            Path copy = target.resolve(live.relativize(folder));
            Map<String, Object> now = names(folder);
            Map<String, Object> before = forcedNames.getOrDefault(folder, Map.of());
            Set<String> all = new HashSet<>(now.keySet());
            all.addAll(before.keySet());
            for (String name : all) {
                Object inode = (random.nextBoolean() ? now : before).get(name);
                if (inode != null) {
                    Files.createDirectories(copy);
                    Files.write(copy.resolve(name), bytes(inode, folder.resolve(name), random));
                }
            }
        }
    }

    private byte[] bytes(Object inode, Path file, Random random) throws IOException {
        byte[] forced = forcedBytes.get(inode);
        Path there = kept.resolve(inode.toString());
        byte[] now = Files.readAllBytes(Files.exists(there) ? there : file);
        if (Arrays.equals(forced, now)) {
            return now;
        }
        return torn(forced == null ? new byte[0] : forced, now, random);
    }

    private static byte[] torn(byte[] forced, byte[] now, Random random) {
        byte[] left =
                Arrays.copyOf(
                        forced,
                        switch (random.nextInt(3)) {
                            case 0 -> forced.length;
                            case 1 -> now.length;
                            default ->
                                    Math.min(forced.length, now.length)
                                            + random.nextInt(
                                                    1 + Math.abs(now.length - forced.length));
                        });
        for (int at = 0; at < left.length; at += BLOCK) {
            int end = Math.min(at + BLOCK, Math.min(left.length, now.length));
            if (at < end && random.nextBoolean()) {
                System.arraycopy(now, at, left, at, end - at);
            }
        }
        return left;
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.walk(live)) {
            return all.filter(Files::isDirectory).toList();
        }
    }

    private Map<String, Object> names(Path folder) throws IOException {
        var names = new HashMap<String, Object>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                names.put(file.getFileName().toString(), inode(file));
            }
        }
        return names;
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }
}
