package io.apus.train.parallel.context;

import io.apus.model.layer.TokenPart;
import io.apus.schemas.UserError;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which tokens of a row each rank has. A place of the ring has two pieces of the row, as far from its start as from its end: causal attention
 * costs a token what stands before it, so every place has as much of it to compute (the zigzag of ring-flash-attention, the context
 * parallelism of Megatron-LM and Llama 3). The neighbours at a place have equal slices of its tokens, in order.
 *
 * @param places of the ring
 * @param neighbours at each
 */
record Slices(int tokens, int places, int neighbours) {
    Slices {
        if (tokens < places * neighbours) {
            throw new UserError(
                    "Cannot share the tokens of a row",
                    "a row of " + tokens + " tokens does not go round " + places * neighbours + " ranks",
                    "Lower sequence_parallel_size (parallel cp), or pack longer rows.");
        }
    }

    /** All tokens at a place. */
    TokenPart of(int place) {
        int from = IntStream.range(0, place).map(this::front).sum();
        int to = tokens - IntStream.range(0, place).map(this::back).sum();
        TokenPart.Run first = new TokenPart.Run(from, from + front(place));
        TokenPart.Run last = new TokenPart.Run(to - back(place), to);
        if (first.to() == last.from()) {
            return new TokenPart(List.of(new TokenPart.Run(from, to)));
        }
        return new TokenPart(
                Stream.of(first, last).filter(run -> run.count() > 0).toList());
    }

    private int front(int place) {
        return count(place) / 2;
    }

    private int back(int place) {
        return count(place) - front(place);
    }

    private int count(int place) {
        return cut(tokens, place + 1, places) - cut(tokens, place, places);
    }

    private static int cut(int count, int piece, int pieces) {
        return Math.toIntExact((long) count * piece / pieces);
    }

    /** One neighbour's. */
    TokenPart of(int place, int neighbour) {
        TokenPart all = of(place);
        return all.slice(cut(all.count(), neighbour, neighbours), cut(all.count(), neighbour + 1, neighbours));
    }

    /** Tokens of each neighbour at a place. */
    long[] sizes(int place) {
        return IntStream.range(0, neighbours)
                .mapToLong(neighbour -> of(place, neighbour).count())
                .toArray();
    }
}
