package org.sealpost.account;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a console user may do; a user may have several. */
public enum Role {
    VIEWER,
    OPERATOR,
    POLICY_EDITOR,
    CERTIFICATE_MANAGER,
    ADMINISTRATOR,
    AUDITOR;

    /** Reads {@code policy-editor}; empty for any other word. */
    public static Optional<Role> parse(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findAny();
    }

    /** The role as API, console and audit write it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All of them by their words. */
    static List<String> all() {
        return Arrays.stream(values()).map(Role::word).toList();
    }
}
