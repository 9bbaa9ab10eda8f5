/** What other modules may learn of certificates. */
@NamedInterface("events")
@NullMarked
package org.sealpost.certificate.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
