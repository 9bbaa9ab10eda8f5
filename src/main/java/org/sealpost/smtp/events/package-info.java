/** What other modules may learn of inbound sessions. */
@NamedInterface("events")
@NullMarked
package org.sealpost.smtp.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
