/**
 * People and programs that may sign in: console users with their roles, permissions, password
 * hashing, the HTTP security chain, and the accounts that may submit mail.
 */
@ApplicationModule(allowedDependencies = {"mail", "settings", "settings::events", "certificate"})
@NullMarked
package org.sealpost.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
