/** What other modules may learn of people signing in and being refused. */
@NamedInterface("events")
@NullMarked
package org.sealpost.account.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
