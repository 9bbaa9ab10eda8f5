/**
 * The vocabulary of mail without Spring: addresses, domain names, next hops, replies and queue ids.
 * Every other module speaks in these words, so each is validated once, here, where it is made (RFC
 * 5321, RFC 3463, RFC 6531).
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package org.sealpost.mail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
