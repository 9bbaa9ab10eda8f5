package org.sealpost.observability;

import java.time.Instant;
import java.util.List;

/** Looks for what needs a person now; told again or not is decided elsewhere. */
@FunctionalInterface
interface AlertSource {

    List<Alert> at(Instant now);
}
