package org.sealpost.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.sealpost.certificate.CertificateReader;
import org.springframework.web.multipart.MultipartFile;

/** The contents of uploaded files, read no further than what is accepted. */
final class UploadedFiles {

    private UploadedFiles() {}

    static List<byte[]> contents(List<MultipartFile> files) throws IOException {
        var contents = new ArrayList<byte[]>();
        for (MultipartFile file : files) {
            contents.add(file.getBytes());
        }
        return contents;
    }

    /** The reader refuses what is one octet too long, so more of it is never held in memory. */
    static byte[] content(InputStream body) throws IOException {
        return body.readNBytes(CertificateReader.MOST_OCTETS + 1);
    }
}
