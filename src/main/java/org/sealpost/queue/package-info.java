/**
 * Accepted mail until its last recipient is settled. A message is one forced file in the spool
 * before its 250 is sent; the database rows are an index that start-up rebuilds from the files. Who
 * delivers and how is decided elsewhere.
 */
@ApplicationModule(allowedDependencies = {"mail", "settings", "settings::events", "tls"})
@NullMarked
package org.sealpost.queue;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
