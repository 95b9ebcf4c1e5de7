package io.apus.train.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.TokenPart;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicesTest {
    private static IntStream tokens(TokenPart part) {
        return part.runs().stream().flatMapToInt(run -> IntStream.range(run.from(), run.to()));
    }

    /** Every token has one rank, every rank has one token at least, and as many as any other to the rounding. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 4", "2, 1", "3, 2", "4, 3", "8, 1", "8, 7"})
    void everyTokenHasOneRank(int places, int neighbours) {
        int ranks = places * neighbours;
        for (int count = ranks; count < 4 * ranks; count++) {
            Slices slices = new Slices(count, places, neighbours);
            int[] found = new int[count];
            for (int place = 0; place < places; place++) {
                int[] joined = new int[0];
                for (int neighbour = 0; neighbour < neighbours; neighbour++) {
                    TokenPart own = slices.of(place, neighbour);
                    assertThat(own.count()).isBetween(count / ranks, count / ranks + 1);
                    assertThat(slices.sizes(place)[neighbour]).isEqualTo(own.count());
                    tokens(own).forEach(token -> found[token]++);
                    joined =
                            IntStream.concat(Arrays.stream(joined), tokens(own)).toArray();
                }
                assertThat(joined).containsExactly(tokens(slices.of(place)).toArray());
            }
            assertThat(found).containsOnly(1);
        }
    }

    /** With one piece a place the last of eight would have 15 times the first's. */
    @ParameterizedTest
    @CsvSource({"2", "3", "8"})
    void allPlacesHaveTheSameShareOfCausalAttention(int places) {
        Slices slices = new Slices(4096, places, 1);
        double[] seen = IntStream.range(0, places)
                .mapToDouble(place ->
                        tokens(slices.of(place)).mapToDouble(t -> t + 1).sum())
                .toArray();
        assertThat(DoubleStream.of(seen).max().orElseThrow()
                        / DoubleStream.of(seen).min().orElseThrow())
                .isLessThan(1.01);
    }
}
