/**
 * Where Sealpost keeps its data, what it was told at its first start, and the settings an
 * administrator edits afterwards. Files own the infrastructure, the database owns mail behaviour,
 * and nothing can be set in both places.
 */
@ApplicationModule(allowedDependencies = {"mail"})
@NullMarked
package org.sealpost.settings;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
