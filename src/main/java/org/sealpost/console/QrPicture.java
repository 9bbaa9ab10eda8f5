package org.sealpost.console;

import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code as a picture for SVG.
 *
 * @param size width and height in modules, with the quiet zone around
 * @param path draws the dark modules
 */
public record QrPicture(int size, String path) {

    /** ISO/IEC 18004 asks for four modules of nothing on each side. */
    private static final int QUIET = 4;

    static QrPicture of(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        var path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append("M%d,%dh1v1h-1z".formatted(x + QUIET, y + QUIET));
                }
            }
        }
        return new QrPicture(code.size + 2 * QUIET, path.toString());
    }
}
