package io.apus.tensor.collective;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of tensors that one rank sent to others, by kind of operation.
 *
 * <p>What a bandwidth-optimal algorithm sends is counted: of n ranks and B bytes, an all-reduce sends 2 B (n - 1) / n, a reduce-scatter to, or
 * an all-gather of, B bytes B (n - 1) / n, a broadcast B (Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms", 2009).
 */
public final class Traffic {
    /** Kinds of operations. */
    public enum Kind {
        ALL_REDUCE,
        REDUCE_SCATTER,
        ALL_GATHER,
        ALL_TO_ALL,
        SEND,
        BROADCAST
    }

    private final Map<Kind, AtomicLong> bytes = new EnumMap<>(Kind.class);

    public Traffic() {
        for (Kind kind : Kind.values()) {
            bytes.put(kind, new AtomicLong());
        }
    }

    void add(Kind kind, long sent) {
        bytes.get(kind).addAndGet(sent);
    }

    public long bytes(Kind kind) {
        return bytes.get(kind).get();
    }

    public long bytes() {
        return bytes.values().stream().mapToLong(AtomicLong::get).sum();
    }
}
