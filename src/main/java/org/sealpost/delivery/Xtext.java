package org.sealpost.delivery;

/** The encoding of ORCPT and ENVID (RFC 3461 §4). */
final class Xtext {

    private Xtext() {}

    /**
     * Decodes; what would not be printable ASCII afterwards stays as it is, so that nobody writes
     * header fields of his own into a notice.
     */
    static String decode(String text) {
        var decoded = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+' && i + 2 < text.length()) {
                int octet = Character.digit(text.charAt(i + 1), 16) * 16;
                octet += Character.digit(text.charAt(i + 2), 16);
                if (octet < 32 || octet > 126) {
                    return text;
                }
                decoded.append((char) octet);
                i += 2;
            } else {
                decoded.append(c);
            }
        }
        return decoded.toString();
    }
}
