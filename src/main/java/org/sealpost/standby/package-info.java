/**
 * What runs instead of Sealpost when the configuration of a used data folder is lost: a page and a
 * health answer that say so, and listeners that ask for patience. Nothing here can deliver mail.
 */
@ApplicationModule(allowedDependencies = {"mail", "settings"})
@NullMarked
package org.sealpost.standby;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
