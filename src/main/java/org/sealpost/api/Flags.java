package org.sealpost.api;

/** Yes-or-no parameters of a request. */
final class Flags {

    private Flags() {}

    /** Reads {@code true} or {@code false}; a slip must not apply what was meant as a rehearsal. */
    static boolean read(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadRequest(name, "The value is neither true nor false.");
        };
    }
}
