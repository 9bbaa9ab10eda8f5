/**
 * The files of Postfix: how its text files divide into logical lines, and its {@code tls_policy}
 * read into rules and written from them. What Postfix cannot say stands on {@code # sealpost:}
 * lines, which it takes for comments, so that export then import is the identity and what Postfix
 * reads of the file means there what it means here.
 */
@NamedInterface("postfix")
@NullMarked
package org.sealpost.policy.postfix;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
