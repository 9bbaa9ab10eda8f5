package org.sealpost.delivery;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.sealpost.tls.SocketFacade;

/**
 * What Jakarta Mail sees of a connection: it bounds how much a server may answer to one command and
 * keeps a reader of replies from ever asking DNS for the server's name.
 */
final class WireSocket extends SocketFacade {

    private static final int MOST_REPLY_OCTETS = 64 * 1024;

    private final InetAddress named;
    private int replyOctets;

    /**
     * @param named the server's address with its MX name
     */
    WireSocket(Socket socket, InetAddress named) {
        super(socket);
        this.named = named;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(inner().getInputStream()) {
            @Override
            public int read() throws IOException {
                return counted(super.read(), 1);
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                return counted(read, read);
            }
        };
    }

    private int counted(int result, int octets) throws IOException {
        if (result >= 0) {
            replyOctets += octets;
            if (replyOctets > MOST_REPLY_OCTETS) {
                throw new IOException("the server's reply is longer than 64 KB");
            }
        }
        return result;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(inner().getOutputStream()) {
            @Override
            public void write(int octet) throws IOException {
                replyOctets = 0;
                out.write(octet);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                replyOctets = 0;
                out.write(buffer, offset, length);
            }
        };
    }

    @Override
    public InetAddress getInetAddress() {
        return named;
    }
}
