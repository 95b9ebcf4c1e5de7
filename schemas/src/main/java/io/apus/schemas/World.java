package io.apus.schemas;

import java.util.List;

/**
 * Who takes part in a training run, as one rank sees it.
 *
 * @param rank this rank, from 0
 * @param size how many ranks there are
 * @param endpoints "host:port" of each rank, by rank; rank 0's port is where the ranks meet
 * @param attempt 0, or how often this stage was started before: it separates the rendezvous of a retry from that of its predecessor
 */
public record World(int rank, int size, List<String> endpoints, int attempt) {
    public World {
        endpoints = List.copyOf(endpoints);
        if (size < 1 || rank < 0 || rank >= size || endpoints.size() != size) {
            throw new IllegalArgumentException(
                    "rank " + rank + " of " + size + " with " + endpoints.size() + " endpoints");
        }
    }

    /** The host of each rank, by rank. */
    public List<String> hosts() {
        return endpoints.stream()
                .map(endpoint -> endpoint.substring(0, Math.max(0, endpoint.lastIndexOf(':'))))
                .toList();
    }

    /** A world of one rank that talks to nobody. */
    public static World alone() {
        return new World(0, 1, List.of("127.0.0.1:0"), 0);
    }
}
