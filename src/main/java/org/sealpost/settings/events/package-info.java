/** What other modules may learn of a change of configuration. */
@NamedInterface("events")
@NullMarked
package org.sealpost.settings.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
