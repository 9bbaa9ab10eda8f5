package org.sealpost.certificate.reading;

import org.sealpost.mail.InvalidInput;

/** The refusals of files that cannot be read. */
final class Unreadable {

    private Unreadable() {}

    static InvalidInput undecodable() {
        return new InvalidInput(
                "file",
                "The file holds no certificate and no key that can be read.",
                "Upload PEM (it begins with -----BEGIN CERTIFICATE-----), DER, PKCS#12 or PKCS#7.");
    }

    static InvalidInput damaged(String what) {
        return new InvalidInput(
                "file",
                "The " + what + " in the file is damaged or cut off.",
                "Copy the whole file again; compare its size with the original.");
    }

    static InvalidInput passwordMissing() {
        return new InvalidInput(
                "password", "The file is encrypted.", "Give the password it was made with.");
    }

    static InvalidInput wrongPassword() {
        return new InvalidInput(
                "password",
                "The password does not open the file.",
                "Check the password, upper and lower case included.");
    }

    static InvalidInput unsupported(String what, String remedy) {
        return new InvalidInput("file", what, remedy);
    }
}
