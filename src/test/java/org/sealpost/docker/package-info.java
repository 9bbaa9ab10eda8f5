/** What the container image promises, checked without a container engine. */
@NullMarked
package org.sealpost.docker;

import org.jspecify.annotations.NullMarked;
