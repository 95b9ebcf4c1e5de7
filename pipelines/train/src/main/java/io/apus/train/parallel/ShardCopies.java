package io.apus.train.parallel;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Ranks with the same weights by whose parts make up a copy of what is spread.
 *
 * @param copies the ranks of each
 */
record ShardCopies(List<List<Integer>> copies) {
    /**
     * Of all of them.
     *
     * @param size ranks of a copy, neighbours; 0 for those on the same host
     * @param hosts of ranks, by rank
     */
    static ShardCopies of(List<Integer> ranks, int size, List<String> hosts) {
        Map<Object, List<Integer>> copies = new LinkedHashMap<>();
        for (int i = 0; i < ranks.size(); i++) {
            Object copy = size == 0 ? hosts.get(ranks.get(i)) : i / size;
            copies.computeIfAbsent(copy, unused -> new ArrayList<>()).add(ranks.get(i));
        }
        return new ShardCopies(List.copyOf(copies.values()));
    }

    /** What some of the ranks have among themselves. */
    ShardCopies among(List<Integer> some) {
        return new ShardCopies(copies.stream()
                .map(copy -> copy.stream().filter(some::contains).toList())
                .filter(copy -> !copy.isEmpty())
                .toList());
    }

    /**
     * Of hosts' ranks.
     *
     * @throws UserError where there are not as many of them in each copy of each part
     */
    static void requireEven(List<ShardCopies> parts) {
        List<List<Integer>> sizes = parts.stream()
                .map(part -> part.copies().stream().map(List::size).toList())
                .distinct()
                .toList();
        if (sizes.stream().flatMap(List::stream).distinct().count() > 1) {
            throw new UserError(
                    "Cannot keep a copy of the model on each host",
                    "of the ranks with the same part of it the hosts have "
                            + sizes.stream().map(List::toString).collect(Collectors.joining(", ")),
                    "Start as many ranks on every host, or set parallel dp_shard to the ranks that keep a copy together.");
        }
    }

    /** Those that keep a copy with {@code rank}, this one among them. */
    List<Integer> shards(int rank) {
        return copies.stream().filter(copy -> copy.contains(rank)).findFirst().orElseThrow();
    }

    /** Those that keep the same part of the copies as {@code rank}, this one among them. */
    List<Integer> replicas(int rank) {
        int part = shards(rank).indexOf(rank);
        return copies.stream().map(copy -> copy.get(part)).toList();
    }
}
