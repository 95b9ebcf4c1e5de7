package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Shifted sparse attention of LongLoRA (Chen et al., 2024): while training, a token sees its group alone, a share of its sample. Half
 * of the heads group from half a group further on, so that neighbouring groups meet. The groups of those heads do not wrap around
 * the sample's end, as they do in the authors' code, where its first tokens see its last ones.
 *
 * @param share of a sample's tokens in a group; 1 for all of them
 * @param parts equal runs of heads that the heads are divided into
 * @param part the one that is here
 */
public record AttentionGroups(double share, int parts, int part) {
    /** Of all heads. */
    public AttentionGroups(double share) {
        this(share, 1, 0);
    }

    /** Every token sees its whole sample. */
    public static AttentionGroups none() {
        return new AttentionGroups(1);
    }

    /** The same of the {@code own}-th of {@code among} equal runs of all heads. */
    public AttentionGroups of(int among, int own) {
        return new AttentionGroups(share, among, own);
    }

    /** How many of the {@code heads} that are here, the first ones, have groups that are not shifted: half of all heads have. */
    long straight(long heads) {
        return Math.min(heads, Math.max(0, heads * parts / 2 - part * heads));
    }

    boolean act() {
        return share < 1;
    }

    /** Tokens of each group, sample by sample. */
    int[] lengths(int[] segmentLengths, boolean shifted) {
        List<Integer> groups = new ArrayList<>();
        for (int segment : segmentLengths) {
            int size = (int) Math.ceil(segment * share);
            int left = segment;
            int next = shifted && size > 1 ? size / 2 : size;
            while (left > 0) {
                groups.add(Math.min(next, left));
                left -= next;
                next = size;
            }
        }
        return groups.stream().mapToInt(Integer::intValue).toArray();
    }
}
