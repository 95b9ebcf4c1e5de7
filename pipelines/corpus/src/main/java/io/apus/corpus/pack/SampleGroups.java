package io.apus.corpus.pack;

import java.util.Arrays;

/** Neighbouring conversations that belong to one sample (a preference pair, a ranking group) and must not part. */
public final class SampleGroups {
    private final int[] starts;

    private SampleGroups(int[] starts) {
        this.starts = starts;
    }

    /**
     * Finds the groups.
     *
     * @param members position of each conversation in its group, from 0, length N; every group begins with a 0
     */
    public static SampleGroups of(int[] members) {
        int[] starts = new int[members.length + 1];
        int groups = 0;
        for (int i = 0; i < members.length; i++) {
            if (members[i] == 0) {
                starts[groups++] = i;
            } else if (i == 0 || members[i] != members[i - 1] + 1) {
                throw new IllegalArgumentException("conversation " + i + " is member " + members[i]
                        + " of a group behind " + (i == 0 ? "nothing" : "member " + members[i - 1]));
            }
        }
        starts[groups] = members.length;
        return new SampleGroups(Arrays.copyOf(starts, groups + 1));
    }

    /** How many groups there are. */
    public int count() {
        return starts.length - 1;
    }

    /** Tokens of each group, from those of each conversation. */
    public int[] lengths(int[] lengths) {
        int[] sums = new int[count()];
        for (int group = 0; group < sums.length; group++) {
            for (int i = starts[group]; i < starts[group + 1]; i++) {
                sums[group] = Math.addExact(sums[group], lengths[i]);
            }
        }
        return sums;
    }

    /** The plan of conversations that a plan of groups means: each group's members one after the other. */
    public PackPlan members(PackPlan groups) {
        if (count() == starts[count()]) {
            return groups;
        }
        int[] members = new int[starts[count()]];
        int[] begins = new int[groups.rows() + 1];
        int at = 0;
        for (int row = 0; row < groups.rows(); row++) {
            for (int group : groups.row(row)) {
                for (int i = starts[group]; i < starts[group + 1]; i++) {
                    members[at++] = i;
                }
            }
            begins[row + 1] = at;
        }
        return new PackPlan(members, begins);
    }
}
