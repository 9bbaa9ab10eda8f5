/**
 * The configuration on disk beside the embedded database: every row the database owns, as a base
 * file and a log of changes, so that the loss of the database file loses no configuration.
 */
@NullMarked
package org.sealpost.settings.snapshot;

import org.jspecify.annotations.NullMarked;
