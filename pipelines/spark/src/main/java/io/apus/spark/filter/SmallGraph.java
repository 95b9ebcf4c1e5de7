package io.apus.spark.filter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Connected groups of a graph that fits into memory (union-find; the smaller node becomes the parent). */
final class SmallGraph {
    private final Map<Long, Long> parents = new HashMap<>();

    /** Adds an edge. */
    void connect(long a, long b) {
        long rootA = root(a);
        long rootB = root(b);
        parents.put(Math.max(rootA, rootB), Math.min(rootA, rootB));
    }

    private long root(long node) {
        long root = node;
        for (long parent = parent(root); parent != root; parent = parent(root)) {
            root = parent;
        }
        long at = node;
        while (at != root) {
            at = parents.put(at, root);
        }
        return root;
    }

    private long parent(long node) {
        return parents.computeIfAbsent(node, same -> same);
    }

    /** Every node with the smallest of its group. */
    List<Row> labels() {
        List<Row> labels = new ArrayList<>(parents.size());
        for (Long node : List.copyOf(parents.keySet())) {
            labels.add(RowFactory.create(node, root(node)));
        }
        return labels;
    }
}
