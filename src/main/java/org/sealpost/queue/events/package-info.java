/** What other modules may learn of queued messages. */
@NamedInterface("events")
@NullMarked
package org.sealpost.queue.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
