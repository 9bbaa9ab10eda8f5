/**
 * What uploaded files hold, whatever their format: PEM (RFC 7468) with text around it, DER, PKCS#12
 * (RFC 7292), PKCS#7 (RFC 5652), keys in PKCS#8, PKCS#1 and SEC 1, encrypted or not. The content
 * decides, never a file's name. Nothing here trusts its input: sizes, counts and the work a
 * password costs are bounded, and whatever cannot be read is one refusal that says what to do.
 */
@NullMarked
package org.sealpost.certificate.reading;

import org.jspecify.annotations.NullMarked;
