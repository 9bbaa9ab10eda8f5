/** The application's root: nothing lives here but the class that starts it. */
@NullMarked
package org.sealpost;

import org.jspecify.annotations.NullMarked;
