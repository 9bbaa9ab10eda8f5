/** What other modules may learn of delivery attempts. */
@NamedInterface("events")
@NullMarked
package org.sealpost.delivery.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
