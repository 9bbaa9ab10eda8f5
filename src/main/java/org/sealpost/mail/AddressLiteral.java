package org.sealpost.mail;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP address literals (RFC 5321 §4.1.3) without ever asking a name server. */
public final class AddressLiteral {

    private static final Pattern IPV4 =
            Pattern.compile(
                    "((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private AddressLiteral() {}

    /** Reads {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}, also without the brackets. */
    public static Optional<InetAddress> parse(String text) {
        String inner = text;
        if (text.startsWith("[")) {
            if (!text.endsWith("]")) {
                return Optional.empty();
            }
            inner = text.substring(1, text.length() - 1);
        }
        if (inner.toLowerCase(Locale.ROOT).startsWith("ipv6:")) {
            inner = inner.substring(5);
        } else if (IPV4.matcher(inner).matches()) {
            return Optional.of(InetAddress.ofLiteral(inner));
        }
        if (!IPV6.matcher(inner).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(inner));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
