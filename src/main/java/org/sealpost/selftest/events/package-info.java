/** What other modules may learn of self-tests. */
@NamedInterface("events")
@NullMarked
package org.sealpost.selftest.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
