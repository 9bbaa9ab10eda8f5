package org.sealpost.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.springframework.web.multipart.MultipartFile;

/** Files and pasted text of a form. */
record UploadForm(
        @Nullable List<MultipartFile> file,
        @Nullable String text,
        @Nullable String password,
        @Nullable String purpose) {

    /** The contents, in the order of the form. */
    List<byte[]> contents() throws IOException {
        var contents = new ArrayList<byte[]>();
        for (MultipartFile one : file == null ? List.<MultipartFile>of() : file) {
            if (!one.isEmpty()) {
                contents.add(one.getBytes());
            }
        }
        if (text != null && !text.isBlank()) {
            contents.add(text.getBytes(StandardCharsets.UTF_8));
        }
        if (contents.isEmpty()) {
            throw new InvalidInput(
                    "file",
                    "Nothing was given.",
                    "Choose one or several files, or paste PEM text.");
        }
        return contents;
    }

    @Nullable String passwordOrNone() {
        return password == null || password.isEmpty() ? null : password;
    }

    @Override
    public String toString() {
        return "UploadForm[" + purpose + "]";
    }
}
