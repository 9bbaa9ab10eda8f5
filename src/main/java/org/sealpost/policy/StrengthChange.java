package org.sealpost.policy;

import java.util.List;

/**
 * How a change alters what a destination has to prove.
 *
 * @param strength the change as a whole: weaker as soon as one part is
 * @param reasons the parts that are weaker or different, a sentence each
 */
public record StrengthChange(Strength strength, List<String> reasons) {

    /** Which way it goes. */
    public enum Strength {
        SAME,
        STRONGER,
        /** Neither proves more than the other. */
        DIFFERENT,
        /** Something that was required or refused no longer is. */
        WEAKER
    }

    public StrengthChange {
        reasons = List.copyOf(reasons);
    }

    /** Whether somebody should say why. */
    public boolean isWeaker() {
        return strength == Strength.WEAKER;
    }
}
