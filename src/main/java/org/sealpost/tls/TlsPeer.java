package org.sealpost.tls;

/**
 * The server a session leads to.
 *
 * @param host its MX name, or the bracketed host of the next hop; an address literal as such
 * @param address the IP address connected to
 * @param port the TCP port
 */
public record TlsPeer(String host, String address, int port) {

    /** As Postfix logs it: {@code mx.example.com[192.0.2.1]:25}. */
    public String text() {
        return bracketed() + ":" + port;
    }

    /** Without the port: {@code mx.example.com[192.0.2.1]}. */
    public String bracketed() {
        return host + "[" + address + "]";
    }
}
