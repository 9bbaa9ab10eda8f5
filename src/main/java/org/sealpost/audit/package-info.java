/**
 * Who changed what, before and after. An entry is written in the transaction of the change it tells
 * of and copied, forced, to an append-only file.
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "settings::events",
            "account",
            "account::events"
        })
@NullMarked
package org.sealpost.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
