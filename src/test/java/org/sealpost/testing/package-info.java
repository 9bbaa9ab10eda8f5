/** What tests share: a certificate authority, a name server, scripted mail servers, builders. */
@NullMarked
package org.sealpost.testing;

import org.jspecify.annotations.NullMarked;
