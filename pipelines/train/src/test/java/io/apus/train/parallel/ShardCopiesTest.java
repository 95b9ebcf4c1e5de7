package io.apus.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShardCopiesTest {
    private static final List<Integer> RANKS = List.of(0, 1, 2, 3);

    @Test
    void aHostsRanksKeepACopyWhereverTheyStand() {
        ShardCopies copies = ShardCopies.of(RANKS, 0, List.of("a", "b", "b", "a"));

        assertThat(copies.copies()).containsExactly(List.of(0, 3), List.of(1, 2));
        assertThat(copies.shards(2)).containsExactly(1, 2);
        assertThat(copies.replicas(2)).containsExactly(3, 2);
    }

    @Test
    void neighboursKeepACopyWhereTheirNumberIsGiven() {
        ShardCopies copies = ShardCopies.of(RANKS, 2, List.of("a", "b", "a", "b"));

        assertThat(copies.replicas(3)).containsExactly(1, 3);
    }

    /** Of two experts' ranks one is in each copy: none of them shares its experts with another one of its copy. */
    @Test
    void whoHasTheSameExpertsShareThemWithinACopy() {
        ShardCopies all = ShardCopies.of(List.of(0, 1, 2, 3, 4, 5, 6, 7), 4, List.of());

        assertThat(all.among(List.of(1, 3, 5, 7)).shards(5)).containsExactly(5, 7);
        assertThat(all.among(List.of(1, 3, 5, 7)).replicas(5)).containsExactly(1, 5);
        assertThat(all.among(List.of(2, 6)).shards(6)).containsExactly(6);
        assertThat(all.among(List.of(2, 6)).replicas(6)).containsExactly(2, 6);
    }
}
